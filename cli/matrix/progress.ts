/** One line on a terminal that is written over and over; nothing anywhere else. */
export interface Progress {
  show(text: string): void;
  clear(): void;
}

/** Terminals are not worth more. */
const LEAST_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

export function progress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { show: () => {}, clear: () => {} };
  let last = 0;
  return {
    show(text) {
      const now = Date.now();
      if (now - last < LEAST_MS) return;
      last = now;
      stream.write(`${CLEAR_LINE}${text}`);
    },
    clear() {
      if (last > 0) stream.write(CLEAR_LINE);
    },
  };
}
