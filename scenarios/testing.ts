/** Helpers of the tests in this folder. */
import type { FileReader } from './source/reader.ts';

/** Files that exist only in memory: texts, or bytes. A name that ends in `/` is a directory. */
export function memoryReader(files: Readonly<Record<string, string | Uint8Array>>): FileReader {
  return {
    read(path) {
      if (Object.hasOwn(files, `${path}/`)) return { failure: 'directory', detail: '' };
      if (!Object.hasOwn(files, path)) return { failure: 'missing', detail: '' };
      const content = files[path]!;
      return typeof content === 'string' ? new TextEncoder().encode(content) : content;
    },
  };
}

/** A fleet that every scenario of the tests can run on. */
export const FLEET = `apiVersion: hcpsim/v1alpha1
kind: Fleet
metadata: {name: small}
spec:
  managementClusters:
    - name: mgmt
      nodePools:
        - {name: hosting, replicas: 3, zones: [zone-a, zone-b, zone-c], racks: [r1]}
  hostedClusters:
    - name: tenant
      count: 2
      nodePools: [{name: workers, replicas: 2}]
`;

/** A scenario on that fleet, with more lines of its spec, each indented by two; the first of them is line 7. */
export function scenario(more = '', duration = '  duration: 24h'): string {
  return `apiVersion: hcpsim/v1alpha1
kind: Scenario
metadata: {name: test}
spec:
  fleet: fleet.yaml
${duration}
${more}`;
}
