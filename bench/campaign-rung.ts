/** One rung of the ladder of campaigns: so many hosted clusters with twelve node pools each, all of them brought to the next minor. */
import { Replication } from '../models/run.ts';
import { loadScenarios } from '../scenarios/load.ts';

/** The shape of a fleet on which upgrades were slow to go through (openshift/hypershift issue 810). */
const POOLS = 12;
const WORKERS = 3;
/** Hosted clusters on one management cluster, and nodes of 32 cores for each of them. */
const MOST_HOSTED = 110;
const NODES_EACH = 0.41;

export interface CampaignRung {
  readonly hostedClusters: number;
  readonly nodePools: number;
  readonly workers: number;
  readonly upgrades: number;
  readonly completed: number;
  /** Seconds from the loaded plan to a fleet whose pods are placed and run. */
  readonly placeSeconds: number;
  readonly runSeconds: number;
  /** Processor seconds of the whole process in user mode, all threads. */
  readonly userSeconds: number;
  /** Simulated hours from the first upgrade that was asked for to the last one that was over. */
  readonly campaignHours: number;
  readonly events: number;
  /** The most memory that the process held at any time, with Node and the program. */
  readonly peakMegabytes: number;
}

export function campaignRung(hostedClusters: number): CampaignRung {
  const read = () => new TextEncoder().encode(scenarioText(hostedClusters));
  const { scenarios, problems } = loadScenarios(['bench.yaml'], { reader: { read } });
  const [scenario] = scenarios;
  if (!scenario) throw new Error(`the bench's scenario is invalid: ${JSON.stringify(problems)}`);
  const { plan } = scenario;
  const from = performance.now();
  const replication = new Replication(plan, 0);
  const placed = performance.now();
  replication.run(plan.duration);
  const end = performance.now();
  const { records } = replication.fleet.world.upgrades.ledger;
  const { userCPUTime, maxRSS } = process.resourceUsage();
  const last = Math.max(...records.map(({ to }) => to ?? plan.duration));
  return {
    hostedClusters,
    nodePools: hostedClusters * POOLS,
    workers: hostedClusters * POOLS * WORKERS,
    upgrades: records.length,
    completed: records.filter((record) => record.end === 'completed').length,
    placeSeconds: (placed - from) / 1e3,
    runSeconds: (end - placed) / 1e3,
    userSeconds: userCPUTime / 1e6,
    campaignHours: (last - Math.min(...records.map((record) => record.from))) / 3.6e9,
    events: replication.fleet.world.sim.events,
    peakMegabytes: maxRSS / 1024,
  };
}

function scenarioText(hostedClusters: number): string {
  const hosts = Math.ceil(hostedClusters / MOST_HOSTED);
  const each = hostedClusters / hosts;
  const nodes = Math.max(9, Math.ceil(each * NODES_EACH));
  const names = Array.from({ length: hosts }, (_, i) => `m${i}`);
  const pools = Array.from({ length: POOLS }, (_, i) => `{name: p${i}, replicas: ${WORKERS}}`).join(', ');
  const machine = '{cpu: 32, memory: 128Gi, maxPods: 500}';
  return `apiVersion: hcpsim/v1alpha1
kind: Scenario
metadata: {name: campaign-${hostedClusters}}
spec:
  duration: 2d
  fleet:
    managementClusters:
${names.map((name) => `      - {name: ${name}, version: "4.20", nodePools: [{name: h, replicas: ${nodes}, zones: [a, b, c], machine: ${machine}}]}`).join('\n')}
    hostedClusters:
${names.map((name) => `      - {name: t-${name}, count: ${each}, managementCluster: ${name}, release: 4.19.8, nodePools: [${pools}], workloads: [{name: app, replicas: 6, budget: {maxUnavailable: 1}}]}`).join('\n')}
  campaigns:
    - name: next-minor
      at: 1h
      stages:
        - {name: control planes, hostedCluster: "*", to: 4.20.3, waves: [{percent: 1%}, {percent: 10%}], concurrency: 40, soak: 1h}
        - {name: node pools, nodePool: "*", to: 4.20.3, concurrency: 400}
`;
}
