import type { ScenarioPlan } from './scenario.ts';

/** Every release that a scenario names, of its fleet first, as often as it is named: a run meets no other. */
export function releasesNamedBy({ fleet, faults, campaigns = [] }: ScenarioPlan): string[] {
  return [
    ...fleet.managementClusters.map(({ version }) => version),
    ...fleet.hostedClusters.flatMap(({ release, nodePools }) => [
      release,
      ...nodePools.map((pool) => pool.release),
    ]),
    ...faults.flatMap((fault) => (fault.kind === 'upgrade' && fault.to !== undefined ? [fault.to] : [])),
    ...campaigns.flatMap(({ stages }) => stages.flatMap(({ to = [] }) => to)),
  ];
}
