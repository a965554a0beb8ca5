/** Where the engine stood when something that cannot happen happened. */
export interface Position {
  readonly seed: number;
  readonly replication: number;
  /** Number of the event being executed, counting from 1. */
  readonly event: number;
  /** Simulated time in microseconds. */
  readonly at: number;
  /** The last events executed, oldest first. */
  readonly recent: readonly string[];
}

/** A defect of the simulator, never the user's mistake. Carries what is needed to replay it. */
export class InvariantViolation extends Error {
  override readonly name = 'InvariantViolation';
  position: Position | undefined;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
  }
}

/**
 * States what must hold. Stays on in real runs.
 * @throws InvariantViolation with the message when it does not hold.
 */
export function invariant(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantViolation(typeof message === 'string' ? message : message());
}
