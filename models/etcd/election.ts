/**
 * How long an etcd cluster is without a leader after it lost one. Every member that is alive counts ticks since the last
 * heartbeat up to a random timeout of T to 2T-1 ticks (etcd raft.go resetRandomizedElectionTimeout); the first to get there asks for
 * votes. When others get there before its request arrives, votes split, and unless one still has a majority all draw again.
 */
import type { Stream } from '../../sim/streams.ts';

export interface ElectionSpec {
  /** One tick, microseconds. */
  readonly heartbeat: number;
  /** T in ticks. */
  readonly timeoutTicks: number;
  /** One round of messages to the others and their fsync, microseconds; asked once per round of votes. */
  roundTrip(): number;
}

export interface Election {
  /** Microseconds from now until a leader exists. */
  readonly duration: number;
  /** Index of the winner among the members that took part; undefined when votes split too often for one request to wait for. */
  readonly winner?: number;
  /** Rounds that were needed: 1 plus the number of split votes. */
  readonly rounds: number;
}

/** A request that has waited for so many rounds, 15 s and more, has timed out. */
const MAX_ROUNDS = 10;

/**
 * Draws one election.
 * @param alive members that can vote, at least quorum
 * @param sinceHeartbeat microseconds since the members last heard a leader
 */
export function drawElection(
  alive: number,
  quorum: number,
  sinceHeartbeat: number,
  spec: ElectionSpec,
  stream: Stream,
): Election {
  let begin = -sinceHeartbeat;
  for (let rounds = 1; rounds <= MAX_ROUNDS; rounds++) {
    const roundTrip = spec.roundTrip();
    let first = Number.POSITIVE_INFINITY;
    let winner = 0;
    const timeouts: number[] = [];
    for (let i = 0; i < alive; i++) {
      const ticks = spec.timeoutTicks + Math.floor(stream.uniform() * spec.timeoutTicks);
      const at = begin + ticks * spec.heartbeat + stream.uniform() * spec.heartbeat;
      timeouts.push(at);
      if (at < first) {
        first = at;
        winner = i;
      }
    }
    const rivals = timeouts.filter((at) => at !== first && at - first < roundTrip / 2).length;
    // Every rival votes for itself; the others vote for whoever asked first. Pre-vote and vote are a round trip each.
    if (alive - rivals >= quorum) return { duration: Math.max(0, first) + 2 * roundTrip, winner, rounds };
    begin = first + roundTrip;
  }
  return { duration: Math.max(0, begin), rounds: MAX_ROUNDS };
}
