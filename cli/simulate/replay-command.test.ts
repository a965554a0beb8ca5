import { expect, test } from 'vitest';
import { loadScenarios } from '../../scenarios/load.ts';
import { FLEET, memoryReader, scenario } from '../../scenarios/testing.ts';
import { replayCommand } from './replay-command.ts';

test('the command that replays names the seed once, however it was given, and every other override', () => {
  const reader = memoryReader({ 'fleet.yaml': FLEET, 'a.yaml': scenario() });
  const set = ['seed=9', 'duration=2h', 'spec.seed=10'];
  const { scenarios } = loadScenarios(['a.yaml'], { reader, set });
  expect(replayCommand(scenarios[0]!, 3, set)).toBe(
    'hcpsim replay a.yaml --scenario test --seed 10 --replication 3 --set duration=2h',
  );
});
