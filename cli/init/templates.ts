/** The first files of a user: small, commented, and valid as they are. */
export const SCHEMA_FILE = 'hcpsim.schema.json';

const MODELINE = `# yaml-language-server: $schema=./${SCHEMA_FILE}`;

export const FLEET = `${MODELINE}
# Who is hosted where. Everything left out gets a documented default.
apiVersion: hcpsim/v1alpha1
kind: Fleet
metadata:
  name: my-fleet
spec:
  managementClusters:
    - name: mgmt
      version: "4.20"
      controlPlane: {replicas: 3}
      nodePools:
        - name: hosting
          replicas: 9
          zones: [zone-a, zone-b, zone-c]
          machine: {cpu: 16, memory: 64Gi, maxPods: 250}
  hostedClusters:
    - name: tenant                # tenant-0, tenant-1, tenant-2
      count: 3
      release: "4.20.0"
      controllerAvailabilityPolicy: HighlyAvailable
      nodePools:
        - {name: workers, replicas: 3}
`;

export const SCENARIO = `${MODELINE}
# What happens to the fleet, and what must hold.
#   hcpsim run scenario.yaml --report report.html
apiVersion: hcpsim/v1alpha1
kind: Scenario
metadata:
  name: my-first-scenario
spec:
  description: One of three zones loses power for two hours.
  fleet: fleet.yaml
  duration: 24h
  seed: 1
  events:
    - at: 1h
      zoneOutage: {zone: zone-a, duration: 2h}
  gates:
    - name: no hosted API goes down
      metric: api.uptime
      select: {hostedCluster: "*"}
      stat: min
      op: ">="
      value: 100%
`;
