/**
 * In which order the components of a hosted control plane get a new release: each when those that it depends on have it and are available,
 * deployed by the HyperShift operator, by the control plane operator, or by another component (openshift/hypershift
 * support/controlplane-component/status.go).
 */

import type { PlacedComponent } from '../../hosted/components.ts';
import type { ClusterId, SetId } from '../../ids.ts';

/** Deploys what no other component deploys. */
export const CONTROL_PLANE_OPERATOR = 'control-plane-operator';
/** Stands for the HyperShift operator of the management cluster. */
const OPERATOR = 'operator';

export interface OrderedComponent {
  readonly name: string;
  readonly set: SetId;
  /** Pods that it is to have. */
  readonly wanted: number;
  readonly after: readonly SetId[];
  /** The set whose pods deploy it; undefined: the HyperShift operator. */
  readonly deployer: SetId | undefined;
  /** What it deploys itself: it is not rolled out before those are. */
  readonly operands: readonly SetId[];
  /** Another component deploys it: no ControlPlaneComponent tells of it. */
  readonly isOperand: boolean;
  /** The cluster version operator waits for it. */
  readonly reports: boolean;
}

export class ComponentOrder {
  readonly #of: (readonly OrderedComponent[])[] = [];

  /** @param sets of the components, in the same order */
  enter(cluster: ClusterId, components: readonly PlacedComponent[], sets: readonly SetId[]): void {
    const setOf = new Map(components.map(({ name }, i) => [name, sets[i]!]));
    const known = (names: readonly string[]): SetId[] => names.flatMap((name) => setOf.get(name) ?? []);
    this.#of[cluster] = components.map((component, i) => {
      const deployer = component.deployedBy ?? CONTROL_PLANE_OPERATOR;
      return {
        name: component.name,
        set: sets[i]!,
        wanted: component.wanted,
        after: known(component.after),
        deployer: deployer === OPERATOR ? undefined : setOf.get(deployer),
        operands: known(
          components.filter((other) => other.deployedBy === component.name).map(({ name }) => name),
        ),
        isOperand: deployer !== OPERATOR && deployer !== CONTROL_PLANE_OPERATOR,
        reports: component.clusterOperator === true,
      };
    });
  }

  /** The set is the control plane operator of the cluster. */
  deploysAll(cluster: ClusterId, set: SetId): boolean {
    return this.find(cluster, CONTROL_PLANE_OPERATOR)?.set === set;
  }

  of(cluster: ClusterId): readonly OrderedComponent[] {
    return this.#of[cluster] ?? [];
  }
  find(cluster: ClusterId, name: string): OrderedComponent | undefined {
    return this.of(cluster).find((component) => component.name === name);
  }
}
