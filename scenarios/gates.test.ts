import { describe, expect, test } from 'vitest';
import type { Interval, MetricValue } from '../sim/result.ts';
import { type Gate, judge } from './gates.ts';

const gate = (more: Partial<Gate>): Gate => ({
  name: 'g',
  metric: 'api.uptime',
  unit: 'ratio',
  select: {},
  stat: 'min',
  op: '>=',
  value: 0.99,
  ...more,
});

const around = (value: number, halfWidth: number): Interval => ({
  low: value - halfWidth,
  high: value + halfWidth,
  halfWidth,
  confidence: 0.95,
});

const uptime = (hostedCluster: string, value: number, halfWidth?: number): MetricValue => ({
  metric: 'api.uptime',
  unit: 'ratio',
  labels: { hostedCluster, managementCluster: 'm' },
  value,
  interval: halfWidth === undefined ? null : around(value, halfWidth),
});

const one = (more: Partial<Gate>, values: readonly MetricValue[]) => judge([gate(more)], values)[0]!;

describe('gates', () => {
  const values = [uptime('a-0', 0.98), uptime('a-1', 0.995), uptime('b-0', 1)];

  test('a gate on upgrades without any says that there was none, or all were refused', () => {
    expect(one({ metric: 'upgrade.duration', unit: 'seconds' }, values)).toMatchObject({
      verdict: 'inconclusive',
      note: expect.stringContaining('all was refused'),
    });
    expect(one({ metric: 'oauth.availability' }, values).note).toBe('no value of the metric is selected');
  });

  test('the smallest of the selected values decides, and is named', () => {
    expect(one({}, values)).toMatchObject({
      verdict: 'fail',
      measured: 0.98,
      samples: 3,
      worst: { hostedCluster: 'a-0' },
    });
    expect(one({ select: { hostedCluster: 'b-*' } }, values)).toMatchObject({ verdict: 'pass', samples: 1 });
  });

  test('statistics: extremes, mean, percentiles by nearest rank', () => {
    const measured = ['min', 'max', 'mean', 'p1', 'p34', 'p50', 'p99'].map(
      (stat) => one({ stat }, values).measured,
    );
    expect(measured).toEqual([0.98, 1, (0.98 + 0.995 + 1) / 3, 0.98, 0.995, 0.995, 1]);
  });

  test.each([
    ['>=', 0.98, 'pass'],
    ['>', 0.98, 'fail'],
    ['<=', 0.98, 'pass'],
    ['<', 0.98, 'fail'],
    ['==', 0.98, 'pass'],
    ['==', 0.97, 'fail'],
  ] as const)('0.98 %s %d is a %s', (op, value, verdict) => {
    expect(one({ op, value }, values).verdict).toBe(verdict);
  });

  test('nothing to measure never passes', () => {
    expect(one({ metric: 'api.downtime' }, values)).toMatchObject({ verdict: 'inconclusive', samples: 0 });
    expect(one({ select: { hostedCluster: 'c' } }, values).note).not.toBe('');
    expect(one({}, [uptime('a', Number.NaN)]).verdict).toBe('inconclusive');
  });

  test('an interval beside the bound decides, one across it does not', () => {
    expect(one({}, [uptime('a', 0.995, 0.004)]).verdict).toBe('pass');
    expect(one({}, [uptime('a', 0.98, 0.004)]).verdict).toBe('fail');
    expect(one({}, [uptime('a', 0.992, 0.004)]).verdict).toBe('inconclusive');
    expect(one({ op: '==', value: 0.98 }, [uptime('a', 0.98, 0)]).verdict).toBe('pass');
    expect(one({ op: '==', value: 0.98 }, [uptime('a', 0.98, 0.001)]).verdict).toBe('inconclusive');
  });

  test('the interval of the smallest reaches as low as the widest below it', () => {
    const verdict = one({ value: 0.985 }, [uptime('a', 0.99, 0.001), uptime('b', 0.992, 0.01)]);
    expect(verdict.measured).toBe(0.99);
    expect(verdict.interval?.low).toBeCloseTo(0.982, 12);
    expect(verdict.interval?.high).toBeCloseTo(0.991, 12);
    expect(verdict.verdict).toBe('inconclusive');
  });
});
