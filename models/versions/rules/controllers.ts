/** kube-controller-manager, kube-scheduler and cloud-controller-manager beside kube-apiserver. */
import type { Subject } from '../rule.ts';
import { leftAbove, leftBelow, POLICY, type RunningVersions, type SkewRule } from '../skew-rule.ts';

const OLDER = () => 1;

function pair(subject: Subject, of: (running: RunningVersions) => readonly number[]): readonly SkewRule[] {
  return [
    {
      ...POLICY,
      id: `${subject}.newer`,
      subject,
      statement: `${subject} is not newer than any kube-apiserver that a load balancer may give it: the oldest one counts.`,
      left: (running) => leftBelow(running.apiServers, of(running)),
    },
    {
      ...POLICY,
      id: `${subject}.older`,
      subject,
      statement: `${subject} is at most one minor older than the newest kube-apiserver.`,
      left: (running) => leftAbove(running.apiServers, of(running), OLDER),
    },
  ];
}

export const CONTROLLERS: readonly SkewRule[] = [
  ...pair('kube-controller-manager', ({ controllerManagers }) => controllerManagers),
  ...pair('kube-scheduler', ({ schedulers }) => schedulers),
  ...pair('cloud-controller-manager', ({ cloudControllerManagers }) => cloudControllerManagers),
];
