/** How many machines a pool that scales by itself has had for long when a run begins: enough for its workloads, within its bounds. */
import type { Allocatable, NodePoolPlan, WorkloadPlan } from './fleet.ts';

type Request = Pick<WorkloadPlan, 'cpuMillis' | 'memoryMib'>;
interface Room {
  cpuMillis: number;
  memoryMib: number;
  pods: number;
}

/** The pools with replicas that take the workloads, biggest requests first; spreading may still want more, which the run then shows. */
export function settledPools(
  pools: readonly NodePoolPlan[],
  workloads: readonly WorkloadPlan[],
): readonly NodePoolPlan[] {
  if (pools.every((pool) => pool.autoScaling === undefined)) return pools;
  const sizes = pools.map((pool) => pool.autoScaling?.min ?? pool.replicas);
  const rooms = pools.flatMap((pool, i) => Array.from({ length: sizes[i]! }, () => roomOf(pool.machine)));
  const wanted = workloads
    .flatMap((workload) => Array.from({ length: workload.replicas }, (): Request => workload))
    .sort((a, b) => b.cpuMillis - a.cpuMillis || b.memoryMib - a.memoryMib);
  for (const request of wanted) {
    const room = rooms.find((one) => fits(request, one)) ?? grow(request, pools, sizes, rooms);
    if (room !== undefined) take(request, room);
  }
  return pools.map((pool, i) => ({ ...pool, replicas: sizes[i]! }));
}

/** One more machine in the smallest pool that may grow and takes the request. */
function grow(
  request: Request,
  pools: readonly NodePoolPlan[],
  sizes: number[],
  rooms: Room[],
): Room | undefined {
  const open = pools
    .map((_, i) => i)
    .filter((i) => sizes[i]! < (pools[i]!.autoScaling?.max ?? 0) && fits(request, pools[i]!.machine))
    .sort((a, b) => sizes[a]! - sizes[b]!);
  const [pool] = open;
  if (pool === undefined) return undefined;
  sizes[pool]!++;
  rooms.push(roomOf(pools[pool]!.machine));
  return rooms.at(-1);
}

const roomOf = ({ cpuMillis, memoryMib, pods }: Allocatable): Room => ({ cpuMillis, memoryMib, pods });
const fits = ({ cpuMillis, memoryMib }: Request, room: Room): boolean =>
  cpuMillis <= room.cpuMillis && memoryMib <= room.memoryMib && room.pods > 0;

function take({ cpuMillis, memoryMib }: Request, room: Room): void {
  room.cpuMillis -= cpuMillis;
  room.memoryMib -= memoryMib;
  room.pods--;
}
