/** The compact form of a fleet. */
import { z } from 'zod';
import { documentOf, extending } from './document.ts';
import { hostedCluster } from './hosted-cluster.ts';
import { managementCluster } from './management-cluster.ts';
import { parameters } from './parameters.ts';

const zone = z
  .strictObject({
    name: z.string().min(1).describe('Name of the zone.'),
    region: z.string().min(1).optional().describe('Region around it. Default none.'),
  })
  .describe('A zone of the fleet.');

export const fleetSpec = z
  .strictObject({
    extends: extending.optional(),
    zones: z
      .array(zone)
      .optional()
      .describe('All zones of the fleet. Default: those of the management clusters and of manifests.'),
    managementClusters: z
      .array(managementCluster)
      .default([])
      .describe('The clusters that host control planes.'),
    hostedClusters: z.array(hostedCluster).default([]).describe('The hosted clusters.'),
    manifests: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Files with HostedCluster, NodePool and Node objects that join the fleet. Relative to this file.',
      ),
    parameters: parameters.optional(),
  })
  .describe('A fleet of management clusters and the control planes they host.');

export const fleetDocument = documentOf('Fleet', fleetSpec);

export type FleetSpec = z.output<typeof fleetSpec>;
