/**
 * Links between Konnectivity agents and servers. Each end has its own idea of a link: one whose peer has vanished without a word is
 * believed in until the keepalive fails, and a server goes on dialling through it. How many links every server has, and how many
 * of them work, is counted as they change.
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { LinkId, ServerViewId } from '../ids.ts';

/** Who is behind the agents: workers, or the services of the control plane itself. */
export const SIDES = ['dataPlane', 'controlPlane'] as const;
export type Side = (typeof SIDES)[number];

/** What holds of a link, as bits. One that works is believed in by both ends. */
export const END = { agent: 1, server: 2, works: 4 } as const;
export const WHOLE = END.agent | END.server | END.works;

/** What a link passes through: nothing that can fail by itself, or a router of the control plane (its ordinal + 1), or one that is gone. */
export const DIRECT = 0;
export const GONE = 255;

export class TunnelLinks {
  /** A row per server and side: the server as the agents of that side have it. */
  readonly servers: Table<ServerViewId>;
  /** Links that the server dials through. */
  readonly known: I32Column<ServerViewId>;
  /** Those of them that work. */
  readonly alive: I32Column<ServerViewId>;
  /** A row per agent and server. */
  readonly table: Table<LinkId>;
  readonly #server: I32Column<LinkId, ServerViewId>;
  readonly #ends: U8Column<LinkId>;
  /** The router that the link passes, DIRECT or GONE. */
  readonly via: U8Column<LinkId>;
  /** When whoever still believes in a link that does not work gives it up, microseconds. */
  readonly until: F64Column<LinkId>;

  constructor(sim: Simulation) {
    this.servers = sim.table<ServerViewId>('konnectivity server');
    this.known = this.servers.i32('known');
    this.alive = this.servers.i32('alive');
    this.table = sim.table<LinkId>('konnectivity link');
    this.#server = this.table.i32('server', NONE);
    this.#ends = this.table.u8('ends');
    this.via = this.table.u8('via', DIRECT);
    this.until = this.table.f64('until');
  }

  /** Rows for consecutive servers; the first of them. */
  addServers(count: number): ServerViewId {
    const first = this.servers.length as ServerViewId;
    for (let i = 0; i < count; i++) this.servers.add();
    return first;
  }

  /** Rows for the links of one agent to consecutive servers; the first of them. */
  addLinks(server: ServerViewId, count: number): LinkId {
    const first = this.table.length as LinkId;
    for (let i = 0; i < count; i++) this.#server.set(this.table.add(), (server + i) as ServerViewId);
    return first;
  }

  ends(link: LinkId): number {
    return this.#ends.at(link);
  }
  works(link: LinkId): boolean {
    return (this.#ends.at(link) & END.works) !== 0;
  }
  /** The agent takes itself for connected at that instant. */
  held(link: LinkId, at: number): boolean {
    const ends = this.#ends.at(link);
    return (ends & END.agent) !== 0 && ((ends & END.works) !== 0 || at < this.until.at(link));
  }
  /** The server dials through the link, in vain. */
  silent(link: LinkId): boolean {
    return (this.#ends.at(link) & (END.server | END.works)) === END.server;
  }

  set(link: LinkId, ends: number): void {
    const before = this.#ends.at(link);
    if (before === ends) return;
    const server = this.#server.at(link);
    this.#ends.set(link, ends);
    this.known.add(server, bit(ends, END.server) - bit(before, END.server));
    this.alive.add(server, bit(ends, END.works) - bit(before, END.works));
  }

  /** Every dial through the server that its agents could serve succeeds. */
  whole(server: ServerViewId): boolean {
    const known = this.known.at(server);
    return known > 0 && known === this.alive.at(server);
  }

  /** Share of the server's dials that succeed. */
  share(server: ServerViewId): number {
    const known = this.known.at(server);
    return known === 0 ? 0 : this.alive.at(server) / known;
  }
}

function bit(ends: number, which: number): number {
  return (ends & which) === 0 ? 0 : 1;
}
