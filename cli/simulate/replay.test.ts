import { expect, test } from 'vitest';
import { hcpsim } from '../testing.ts';

const FILE = 'scenarios/library/two-zones.yaml';

test('a replay says in text and JSON which replication it is', async () => {
  const args = ['replay', FILE, '--replication', '3'];
  expect((await hcpsim(args)).stdout).toContain('seed 1, replication 3, ');
  expect(JSON.parse((await hcpsim([...args, '-o', 'json'])).stdout).runs[0]).toMatchObject({
    replications: 1,
    firstReplication: 3,
  });
});

test('a replay beyond the end of the scenario is refused', async () => {
  const { code, stdout, stderr } = await hcpsim(['replay', FILE, '--until', '8h']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('--until 8h is after the end of two-zones, which lasts 6h');
});
