/** The two streams of the program: data goes to stdout, talk to stderr. */

/** Writes data. */
export function put(text: string): void {
  process.stdout.write(text);
}

/** Says something to the person at the terminal. */
export function say(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

/**
 * Whether to colour a stream: a terminal, unless NO_COLOR is set to anything (no-color.org) or the terminal is dumb.
 * FORCE_COLOR asks for colours elsewhere.
 */
export function wantsColor(
  stream: { readonly isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0';
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Columns to fill: those of the terminal; where there is none, what COLUMNS says, else 100. */
export function columns(
  stream: { readonly columns?: number } = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): number {
  const said = /^[1-9][0-9]*$/.test(env.COLUMNS ?? '') ? Number(env.COLUMNS) : undefined;
  return stream.columns || said || 100;
}

/**
 * A reader that closes the pipe early (`| head`) has had enough: that is no error, and files still get written and the exit
 * code still tells the verdict.
 */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
