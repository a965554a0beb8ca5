/** What restoring a hosted etcd costs: from which snapshot, when the last write was lost, how old the snapshot was, when the API was back. */
import type { F64Column, U8Column } from '../../sim/entities.ts';
import { BEGINNING } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { Ensembles } from '../etcd/ensembles.ts';
import type { ClusterId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { SnapshotSource } from '../plan/faults.ts';
import type { HostedControlPlanes } from './control-planes.ts';

const SOURCES: readonly SnapshotSource['kind'][] = ['age', 'every', 'member'];

export class RestoreLedger {
  /** Somebody is at it; one procedure at a time. */
  readonly #busy: U8Column<ClusterId>;
  /** When the last write before the restore was lost or cut off; NaN while that is not so. */
  readonly #lostAt: F64Column<ClusterId>;
  /** Where the snapshot comes from, and the age or interval that goes with it, microseconds. */
  readonly #source: U8Column<ClusterId>;
  readonly #span: F64Column<ClusterId>;
  /** The restore is a move to another management cluster. */
  readonly #elsewhere: U8Column<ClusterId>;
  /** The worst of the cluster's restores, seconds; NaN without any. */
  readonly #rpo: F64Column<ClusterId>;
  readonly #rto: F64Column<ClusterId>;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly ensembles: Ensembles,
    readonly hosted: HostedControlPlanes,
  ) {
    const { table } = clusters;
    this.#busy = table.u8('restoreBusy');
    this.#lostAt = table.f64('restoreLostAt', Number.NaN);
    this.#source = table.u8('restoreSource');
    this.#elsewhere = table.u8('restoreElsewhere');
    this.#span = table.f64('restoreSpan');
    this.#rpo = table.f64('rpo', Number.NaN);
    this.#rto = table.f64('rto', Number.NaN);
  }

  /** Age of the snapshot that was restored, seconds: writes of that long are lost. NaN for a cluster that was not restored. */
  rpo(cluster: ClusterId): number {
    return this.#rpo.at(cluster);
  }
  /** From the loss, or from the stop of the API servers of an etcd that still served, until the API was back, seconds; NaN without. */
  rto(cluster: ClusterId): number {
    return this.#rto.at(cluster);
  }
  busy(cluster: ClusterId): boolean {
    return this.#busy.at(cluster) === 1;
  }

  /** @param elsewhere on another management cluster */
  open(cluster: ClusterId, source: SnapshotSource, elsewhere = false): void {
    this.#elsewhere.set(cluster, elsewhere ? 1 : 0);
    this.#busy.set(cluster, 1);
    this.#source.set(cluster, SOURCES.indexOf(source.kind));
    this.#span.set(cluster, source.kind === 'age' ? source.age : source.kind === 'every' ? source.every : 0);
    this.#lostAt.set(cluster, Number.NaN);
  }
  close(cluster: ClusterId): void {
    this.#busy.set(cluster, 0);
  }

  source(cluster: ClusterId): SnapshotSource['kind'] {
    return SOURCES[this.#source.at(cluster)]!;
  }

  /** No write goes through from now on. Without a quorum the last one was before its loss. */
  writesEnd(cluster: ClusterId): void {
    const ensemble = this.hosted.ensemble.at(cluster);
    const loss = this.ensembles.lastLoss.at(ensemble);
    const { facts } = this.sim;
    if (this.ensembles.serving(ensemble)) this.#lostAt.set(cluster, this.sim.now);
    else this.#lostAt.set(cluster, loss === BEGINNING ? 0 : facts.get(loss).at);
  }

  /** The snapshot is what the cluster goes on with. */
  restored(cluster: ClusterId): void {
    this.#rpo.set(cluster, worse(this.rpo(cluster), this.#age(cluster) / 1e6));
  }

  /** The API lacks since the cluster began to move. */
  moved(cluster: ClusterId): boolean {
    return this.#elsewhere.at(cluster) === 1 && this.awaited(cluster);
  }
  /** The API lacks since the last write was lost. */
  awaited(cluster: ClusterId): boolean {
    return !Number.isNaN(this.#lostAt.at(cluster));
  }
  /** The API is back. Returns how long it lacked, seconds. */
  back(cluster: ClusterId): number {
    const seconds = (this.sim.now - this.#lostAt.at(cluster)) / 1e6;
    this.#rto.set(cluster, worse(this.rto(cluster), seconds));
    this.#lostAt.set(cluster, Number.NaN);
    return seconds;
  }

  /** How old the snapshot is when the last write is lost, microseconds. */
  #age(cluster: ClusterId): number {
    const span = this.#span.at(cluster);
    switch (this.source(cluster)) {
      case 'age':
        return span;
      case 'every': {
        const phase = this.sim.streams.once('snapshot', this.clusters.key(cluster)).uniform() * span;
        return (((this.#lostAt.at(cluster) - phase) % span) + span) % span;
      }
      case 'member':
        return 0;
    }
  }
}

/** The larger of two, NaN standing for none. */
function worse(known: number, value: number): number {
  return Number.isNaN(known) ? value : Math.max(known, value);
}
