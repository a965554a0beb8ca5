/** Exit codes: a contract with scripts and CI jobs. */
export const EXIT = {
  ok: 0,
  /** Wrong usage or an invalid file; nothing was run. */
  usage: 2,
  /** A gate failed, or a rule forbids what a plan of upgrades is to reach. */
  gateFailed: 3,
  inconclusive: 4,
  /** A defect of hcpsim itself. */
  defect: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** How a command says the code with which the process shall end. */
export type Finish = (code: ExitCode) => void;

/** The user asked for something that cannot be: told on stderr, exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** hcpsim broke: told on stderr with what replays it, exit 70. */
export class DefectError extends Error {
  override readonly name = 'DefectError';
  readonly replay: string;

  /** @param replay the command that shows it again */
  constructor(message: string, replay: string) {
    super(message);
    this.replay = replay;
  }
}
