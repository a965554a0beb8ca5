/** Collects the steps of one management cluster in stages, with what each waits for. */
import type { Stage, Step, StepTarget } from './steps.ts';

/** A step before it has its place. */
export type Wanted = Omit<Step, 'id' | 'managementCluster' | 'after'>;

export class SiteStages {
  readonly #managementCluster: string;
  readonly stages: Wanted[][] = [];

  constructor(managementCluster: string) {
    this.#managementCluster = managementCluster;
  }

  get name(): string {
    return this.#managementCluster;
  }

  add(steps: readonly Wanted[]): void {
    this.stages.push([...steps]);
  }
}

/** The stages of all management clusters side by side: their first ones are the first stage, and so on. */
export function numbered(sites: readonly SiteStages[]): readonly Stage[] {
  const length = Math.max(0, ...sites.map(({ stages }) => stages.length));
  const waits = sites.map(() => new Waits());
  return Array.from({ length }, (_, i) => {
    const steps: Step[] = [];
    sites.forEach(({ stages, name }, site) => {
      const begun = steps.length;
      for (const wanted of stages[i] ?? []) {
        const id = `${i + 1}.${steps.length + 1}`;
        steps.push({ id, managementCluster: name, ...wanted, after: waits[site]!.before(wanted.target) });
      }
      for (const step of steps.slice(begun)) waits[site]!.done(step);
    });
    return { number: i + 1, steps };
  });
}

/**
 * What must be finished before a step of a management cluster: for the cluster itself and its operator all that came since the last step
 * of theirs; for a hosted cluster and its pools that last step, and their own last steps.
 */
class Waits {
  #shared: readonly string[] = [];
  #since: string[] = [];
  readonly #own = new Map<string, string[]>();

  before(target: StepTarget): readonly string[] {
    const owner = ownerOf(target);
    if (owner === undefined) return this.#since.length > 0 ? [...this.#since] : this.#shared;
    return this.#own.get(owner) ?? this.#shared;
  }

  done({ id, target }: Step): void {
    const owner = ownerOf(target);
    if (owner === undefined) {
      this.#shared = [id];
      this.#since = [];
      this.#own.clear();
      return;
    }
    this.#since.push(id);
    const before = this.#own.get(owner);
    const stage = id.split('.')[0]!;
    const sameStage = before?.every((one) => one.split('.')[0] === stage) === true;
    this.#own.set(owner, sameStage ? [...before, id] : [id]);
  }
}

/** The hosted cluster whose step it is; undefined for steps that all of them wait for. */
function ownerOf(target: StepTarget): string | undefined {
  if (target.kind === 'hostedCluster') return target.name;
  return target.kind === 'nodePool' ? target.hostedCluster : undefined;
}
