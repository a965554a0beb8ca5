/** How far a campaign is: plain data, copied into snapshots. */
import { BEGINNING, type CauseId } from '../../../sim/facts.ts';
import type { Micros } from '../../../sim/time.ts';
import type { UpgradeId } from '../../ids.ts';
import type { Mark } from '../../results/window.ts';
import type { Span } from '../ledger.ts';
import type { StopReason } from './judge.ts';

/**
 * before: it has not begun. asking: it begins upgrades of a wave, or waits for them or for an opening. soaking: it waits after a wave.
 * back: it has stopped and brings back. stopped, completed: it is over.
 */
export type CampaignState = 'before' | 'asking' | 'soaking' | 'back' | 'stopped' | 'completed';

/** A wave that has begun. */
export interface WaveRecord extends Span {
  readonly stage: number;
  /** Number within its stage, from 0 on. */
  readonly wave: number;
  /** How many of its subjects have had their turn. */
  turns: number;
  /** Subjects that had the release before their turn came. */
  readonly alreadyThere: string[];
  readonly upgrades: UpgradeId[];
  /** Of those, the ones that were refused or took too long. */
  readonly failed: UpgradeId[];
  /** Times without an opening in which upgrades would have begun. */
  readonly closed: Span[];
  /** Until when it soaked or soaks. */
  soakedTo?: Micros;
}

export interface CampaignRecord {
  state: CampaignState;
  /** The fact that the last wave began, or that the campaign stopped: the cause of what it asks for. */
  cause: CauseId;
  begun?: Micros;
  /** From when on its stop conditions measure, if it has any. */
  mark?: Mark;
  /** When it was completed, or stopped and had brought back what it does. */
  ended?: Micros;
  /** Why it stopped, if it did. */
  stopped?: StopReason;
  readonly waves: WaveRecord[];
  /** Upgrades that it waits for. */
  running: UpgradeId[];
  /** What is still to be brought back, by the upgrade that is undone. */
  undo: UpgradeId[];
  /** Upgrades back to former releases. */
  readonly rollbacks: UpgradeId[];
}

export function newRecord(): CampaignRecord {
  return {
    state: 'before',
    cause: BEGINNING,
    waves: [],
    running: [],
    undo: [],
    rollbacks: [],
  };
}
