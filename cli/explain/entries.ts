/** Everything that has a name and an explanation, gathered from where it is defined. */

import { COMPONENT_NAMES, COMPONENTS, type Component, PRIORITY } from '../../models/hosted/components.ts';
import { METRICS } from '../../models/metrics.ts';
import { PLATFORMS } from '../../models/plan/platforms.ts';
import { hostedCluster } from '../../models/plan/sample.ts';
import { SERVICE_DEFINITIONS } from '../../models/services.ts';
import { ENFORCED, RULE_GROUPS } from '../../models/versions/catalogue.ts';
import { PROBLEM_CODES } from '../../scenarios/errors/codes.ts';
import { EVENT_KIND_NAMES, EVENT_KINDS } from '../../scenarios/events/index.ts';
import { SCHEMA_KINDS } from '../../scenarios/schema/json.ts';
import { defaultText, parameters } from '../assumptions.ts';
import { mapsBelow, specOf, typeOf } from '../reference/schema-tree.ts';

export interface Entry {
  readonly kind:
    | 'metric'
    | 'service'
    | 'component'
    | 'event'
    | 'parameter'
    | 'error code'
    | 'rule on versions'
    | 'key';
  readonly name: string;
  readonly lines: readonly string[];
}

export function entries(): Entry[] {
  return [
    ...metrics(),
    ...services(),
    ...components(),
    ...events(),
    ...parameterEntries(),
    ...codes(),
    ...rules(),
    ...keys(),
  ];
}

const SCOPES = {
  hostedCluster: 'one value per hosted cluster',
  managementCluster: 'one value per management cluster',
  cluster: 'one value per hosted cluster, and one per management cluster',
  campaign: 'one value per campaign',
  fleet: 'one value for the fleet',
} as const;

function metrics(): Entry[] {
  return METRICS.map(({ id, unit, scope, better, definition }) => ({
    kind: 'metric',
    name: id,
    lines: [definition, `Unit: ${unit}; ${SCOPES[scope]}; ${better} is better.`],
  }));
}

function services(): Entry[] {
  return Object.entries(SERVICE_DEFINITIONS).map(([name, text]) => {
    const measured = METRICS.filter(({ id }) => id.startsWith(`${name}.`)).map(({ id }) => id);
    return {
      kind: 'service',
      name,
      lines: [text, ...(measured.length > 0 ? [`Metrics: ${measured.join(', ')}.`] : [])],
    };
  });
}

function components(): Entry[] {
  return COMPONENT_NAMES.map((name) => {
    const variants = COMPONENTS.filter((component) => component.name === name);
    return {
      kind: 'component',
      name,
      lines: [
        'A component of the hosted control plane: podFailure and nodeFailure can be aimed at its pods by this name.',
        ...variants.map(
          (one) => `${variants.length > 1 ? `${platformsOf(one)}: ` : ''}${componentText(one)}`,
        ),
      ],
    };
  });
}

/** The platforms on which a variant runs, as they are asked for by its condition. */
function platformsOf({ when }: Component): string {
  const on = PLATFORMS.filter((platform) => when(hostedCluster('any', { platform })));
  const off = PLATFORMS.filter((platform) => !on.includes(platform));
  return on.length <= off.length ? `On ${on.join(', ')}` : `Not on ${off.join(', ')}`;
}

const SPREADS = {
  'multi-zone': 'replicas apart by node and zone',
  'preferred-host': 'replicas apart by node where possible',
  none: 'replicas anywhere',
} as const;

const WAITS = {
  nothing: 'Waits for nothing to start.',
  etcd: 'Its init container waits for etcd.',
  api: 'Its init container waits for kube-apiserver.',
} as const;

/** What the scheduler and the start of its pods go by. */
function componentText(component: Component): string {
  const { replicas, cpuMillis, memoryMib, priority, spread, waitsFor, requestServing } = component;
  const count = replicas === 1 ? '1 replica' : `${replicas} replicas, 1 under SingleReplica`;
  const apart = replicas === 1 ? '' : ` ${SPREADS[spread]};`;
  const serving = requestServing
    ? ' Request-serving: with 2 replicas on dedicated nodes where those are asked for.'
    : '';
  return (
    `${count};${apart} requests ${cpuMillis}m CPU, ${memoryMib}Mi memory; ` +
    `priority ${priority} (${PRIORITY[priority]}). ${WAITS[waitsFor]}${serving}`
  );
}

function events(): Entry[] {
  return EVENT_KIND_NAMES.map((name) => ({
    kind: 'event',
    name,
    lines: [EVENT_KINDS[name].schema.description ?? '', 'Written under spec.events, beside `at`.'],
  }));
}

function parameterEntries(): Entry[] {
  return parameters().map(([name, parameter]) => ({
    kind: 'parameter',
    name,
    lines: [
      parameter.doc,
      `Default ${defaultText(parameter)}; source: ${parameter.source}. Overridden under spec.parameters.`,
    ],
  }));
}

function codes(): Entry[] {
  return Object.entries(PROBLEM_CODES).map(([name, text]) => ({ kind: 'error code', name, lines: [text] }));
}

function rules(): Entry[] {
  return RULE_GROUPS.flatMap(({ when, rules }) =>
    rules.map(({ id, where, statement, source }) => ({
      kind: 'rule on versions' as const,
      name: id,
      lines: [statement, `${when}; where it is broken, ${ENFORCED[where]}.`, `Source: ${source}.`],
    })),
  );
}

/** Keys of files, by where they stand; what maps are is said with them. */
function keys(): Entry[] {
  const maps = SCHEMA_KINDS.flatMap((kind) =>
    mapsBelow(specOf(kind)!, 'spec').map((map) => ({ kind, ...map })),
  );
  return maps.flatMap(({ kind, path, node }) =>
    Object.entries(node.properties ?? {}).map(([name, field]) => ({
      kind: 'key' as const,
      name: `${path}.${name}`,
      lines: [
        field.description ?? '',
        `A key of ${kind}; ${typeOf(field)}. All keys: docs/schema.md.`,
      ].filter((line) => line !== ''),
    })),
  );
}
