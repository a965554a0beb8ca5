/** One rung of the ladder of fleets: a scenario of so many hosted clusters, built from its text as a user would write it, and run. */
import type { ScenarioPlan } from '../models/plan/scenario.ts';
import { Replication } from '../models/run.ts';
import { loadScenarios } from '../scenarios/load.ts';

/** Management nodes per hosted cluster, and the fewest. */
const NODES_EACH = 0.15;
const FEWEST_NODES = 9;
/** Hosted clusters on one management cluster; a larger fleet has several, all of one size. */
const MOST_HOSTED = 1_000;

export interface FleetRung {
  readonly hostedClusters: number;
  readonly nodes: number;
  /** Seconds from the loaded plan to a fleet whose pods are placed and run. */
  readonly placeSeconds: number;
  /** Seconds for the 24 simulated hours with the outage. */
  readonly runSeconds: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  /** Nanoseconds of placing and running, divided by the number of hosted clusters. */
  readonly nanosecondsPerHostedCluster: number;
  /** The most memory that the process held at any time, with Node and the program. */
  readonly peakMegabytes: number;
}

export function fleetRung(hostedClusters: number): FleetRung {
  const { plan, nodes } = benchScenario(hostedClusters);
  const from = performance.now();
  const replication = new Replication(plan, 0);
  const placed = performance.now();
  replication.run(plan.duration);
  const end = performance.now();
  const { events } = replication.fleet.world.sim;
  return {
    hostedClusters,
    nodes,
    placeSeconds: (placed - from) / 1e3,
    runSeconds: (end - placed) / 1e3,
    events,
    eventsPerSecond: events / ((end - placed) / 1e3),
    nanosecondsPerHostedCluster: ((end - from) * 1e6) / hostedClusters,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  };
}

/**
 * A scenario on a fleet of so many hosted clusters: a zone's outage within a day.
 * @param pool what else the node pools of the hosted clusters say, as YAML
 */
export function benchScenario(
  hostedClusters: number,
  pool = '',
): { readonly plan: ScenarioPlan; readonly nodes: number } {
  const nodes = Math.max(FEWEST_NODES, Math.ceil(NODES_EACH * hostedClusters));
  const read = () => new TextEncoder().encode(scenarioText(hostedClusters, nodes, pool));
  const { scenarios, problems } = loadScenarios(['bench.yaml'], { reader: { read } });
  const [scenario] = scenarios;
  if (!scenario) throw new Error(`the bench's scenario is invalid: ${JSON.stringify(problems)}`);
  return { plan: scenario.plan, nodes };
}

function scenarioText(hostedClusters: number, nodes: number, pool: string): string {
  const managementClusters = Math.ceil(hostedClusters / MOST_HOSTED);
  const names = Array.from({ length: managementClusters }, (_, i) => (i === 0 ? 'mgmt' : `mgmt-${i}`));
  return `apiVersion: hcpsim/v1alpha1
kind: Scenario
metadata: {name: zone-loss-${hostedClusters}}
spec:
  duration: 24h
  seed: 1
  events:
    - at: 1h
      zoneOutage: {zone: zone-a, duration: 2h}
  fleet:
    managementClusters:
${names.map((name) => managementCluster(name, nodes / managementClusters)).join('')}
    hostedClusters:
${names.map((name) => tenants(name, hostedClusters / managementClusters, pool)).join('')}`;
}

function managementCluster(name: string, nodes: number): string {
  return `
      - name: ${name}
        nodePools:
          - name: hosting
            replicas: ${nodes}
            zones: [zone-a, zone-b, zone-c]
            machine: {cpu: 64, memory: 256Gi, maxPods: 550}`;
}

function tenants(management: string, count: number, pool: string): string {
  return `
      - name: ${management.replace('mgmt', 'tenant')}
        managementCluster: ${management}
        count: ${count}
        controllerAvailabilityPolicy: HighlyAvailable
        nodePools:
          - {name: workers, replicas: 10${pool}}`;
}
