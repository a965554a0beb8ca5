import { expect, test } from 'vitest';
import { apiOutage, hosted, zoneLoss } from '../fixture.ts';
import { withShortNodes } from './short-nodes.ts';

const causes = (...chain: string[]) =>
  withShortNodes({ ...zoneLoss(1, 0), outages: [apiOutage(hosted(0), { causes: chain })] }).outages[0]!;

test('chains name nodes by their host part', () => {
  const { causes: chain, segments } = causes('nodeFailure ip-1.ec2.internal', 'node ip-1.ec2.internal lost');
  expect(chain).toEqual(['nodeFailure ip-1', 'node ip-1 lost']);
  expect(segments[0]!.causes).toEqual(chain);
});

test('a host part that two nodes share is not used', () => {
  const chain = ['node a.east lost', 'node a.west lost', 'node b.west lost'];
  expect(causes(...chain).causes).toEqual(['node a.east lost', 'node a.west lost', 'node b lost']);
});

test('what is no node keeps its dots', () => {
  expect(causes('node a.east lost', 'release 4.19.8').causes).toEqual(['node a lost', 'release 4.19.8']);
});
