/**
 * Another HyperShift operator renders what it deploys of each hosted cluster by itself: the control plane operator, Cluster API and its provider
 * (openshift/hypershift hypershift-operator/controllers/hostedcluster/testdata/: control-plane-operator, cluster-api, capi-provider). Their images are those of the
 * hosted cluster's release, all else is the operator's and has changed about twenty times in each of the three since it is recorded there; that any two
 * versions of the operator differ in all three is assumed. The rest of a control plane follows its own control plane operator, hence its
 * release: that updates of the operator do not restart it is what openshift/hypershift pull 1164 is for.
 * A hosted cluster that is paused, or whose release is refused, gets them when it is reconciled again.
 */
import type { ClusterId } from '../../ids.ts';
import type { World } from '../../world.ts';
import { CONTROL_PLANE_OPERATOR } from './component-order.ts';

const DEPLOYED_BY_OPERATOR = [CONTROL_PLANE_OPERATOR, 'cluster-api', 'capi-provider'] as const;

/** Connects the operators of management clusters with what they deploy of hosted ones. */
export function renderByOperator({
  clusters,
  operators,
  hostedReleases,
}: Pick<World, 'clusters' | 'operators' | 'hostedReleases'>): void {
  operators.replaced.subscribe((host) => {
    for (let cluster = 0 as ClusterId; cluster < clusters.count; cluster++)
      if (clusters.host.at(cluster) === host) hostedReleases.render(cluster, DEPLOYED_BY_OPERATOR);
  });
}
