import type { ParameterValues } from '../../models/parameters.ts';
import type { HostedClusterPlan, ManagementClusterPlan, NodePlan } from '../../models/plan/fleet.ts';
import { didYouMean, listed } from '../errors/suggest.ts';
import type { Cursor } from '../source/cursor.ts';
import { Places } from './places.ts';

/** A fleet under construction: what compact documents and manifests have contributed so far. */
export class FleetDraft {
  readonly parameters: ParameterValues;
  readonly places = new Places();
  readonly managementClusters: ManagementClusterPlan[] = [];
  readonly hostedClusters: HostedClusterPlan[] = [];
  /** True when spec.zones lists all zones there are. */
  zonesAreListed = false;
  /** True while a management cluster is built whose name is a repetition, already reported: so are the names of its nodes. */
  repeatsCluster = false;
  readonly #notes = new Set<string>();
  readonly #nodeNames = new Set<string>();
  readonly #hostedNames = new Set<string>();
  readonly #namespaces = new Set<string>();

  constructor(parameters: ParameterValues) {
    this.parameters = parameters;
  }

  note(text: string): void {
    this.#notes.add(text);
  }

  get notes(): readonly string[] {
    return [...this.#notes];
  }

  hasHostedCluster(name: string): boolean {
    return this.#hostedNames.has(name);
  }

  hasNamespace(namespace: string): boolean {
    return this.#namespaces.has(namespace);
  }

  /** Adds a hosted cluster unless its name, or the namespace of its control plane, is taken. */
  addHostedCluster(plan: HostedClusterPlan, namespace: string, place: Cursor): void {
    if (this.#hostedNames.has(plan.name) || this.#namespaces.has(namespace)) {
      place.report('duplicate-name', {
        found: `hosted cluster ${plan.name} a second time`,
        expected: `hosted clusters with names (and control plane namespaces, here ${namespace}) of their own`,
      });
      return;
    }
    this.#hostedNames.add(plan.name);
    this.#namespaces.add(namespace);
    this.hostedClusters.push(plan);
  }

  /** False after reporting that another node already has the name. */
  claimNode(node: NodePlan, place: Cursor): boolean {
    if (!this.#nodeNames.has(node.name)) {
      this.#nodeNames.add(node.name);
      return true;
    }
    if (!this.repeatsCluster) {
      place.report('duplicate-name', {
        found: `node ${node.name} a second time`,
        expected: 'node names that are unique in the fleet',
      });
    }
    return false;
  }

  /** Reports each zone that the fleet does not have, or that a list names twice. */
  checkZones(zones: readonly string[], place: Cursor): void {
    checkDuplicates(zones, 'zone', (index) => place.to(index));
    zones.forEach((zone, index) => {
      if (this.places.hasZone(zone)) return;
      const known = this.places.zoneNames();
      place.to(index).report('unknown-zone', {
        found: `unknown zone "${zone}"`,
        expected: known.length === 0 ? 'a zone listed in spec.zones' : `one of ${listed(known)}`,
        hint: didYouMean(zone, known) || 'list zones outside the management clusters in spec.zones',
      });
    });
  }
}

/** Reports every name that stood earlier in the same list. */
export function checkDuplicates(
  names: readonly string[],
  noun: string,
  place: (index: number) => Cursor,
): void {
  const seen = new Set<string>();
  names.forEach((name, index) => {
    if (seen.has(name)) {
      place(index).report('duplicate-name', {
        found: `${noun} "${name}" a second time`,
        expected: `each ${noun} once`,
      });
    }
    seen.add(name);
  });
}
