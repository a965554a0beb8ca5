/** The validation book as plain data: figures of others beside what came out here. */
export interface VerificationEntry {
  readonly id: string;
  /** What the figure is about, in one line. */
  readonly what: string;
  readonly source: string;
  readonly expected: string;
  readonly simulated: string;
  /**
   * reproduced: the mechanism gives the figure. differs: the mechanism is believed right and gives another one. open: this version does not
   * simulate what the figure is about.
   */
  readonly verdict: 'reproduced' | 'differs' | 'open';
  /** Why it differs or is open; what was measured and how. */
  readonly note: string;
}
