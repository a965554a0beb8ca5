/** Choices from one random stream. */
import type { Stream } from '../../../sim/streams.ts';

export class Dice {
  constructor(readonly stream: Stream) {}

  chance(probability: number): boolean {
    return this.stream.uniform() < probability;
  }
  /** A whole number from `least` to `most`, both possible. */
  int(least: number, most: number): number {
    return least + Math.floor(this.stream.uniform() * (most - least + 1));
  }
  /** A number between two, as likely in each of its decades: short and long durations get their share. */
  spread(least: number, most: number): number {
    return Math.round(least * (most / least) ** this.stream.uniform());
  }
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.stream.uniform() * list.length)]!;
  }
  /** From `least` to `most` different ones of a list, in its order; all of them when there are fewer. */
  some<T>(list: readonly T[], least = 1, most = list.length): T[] {
    let wanted = Math.min(list.length, this.int(least, Math.min(most, list.length)));
    let left = list.length;
    return list.filter(() => {
      const taken = this.stream.uniform() * left-- < wanted;
      if (taken) wanted--;
      return taken;
    });
  }
  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, i) => make(i));
  }
}
