/**
 * When TCP sends anew what was not acknowledged: after a time that doubles with every attempt (RFC 6298, section 5.5). A connection over a
 * network that was cut therefore does not go on when the cut is over, but up to as long again after it.
 */

/**
 * The first time at or after an instant that a segment is sent.
 * @param first when it was sent first, microseconds
 * @param now the instant, microseconds
 * @param timeout until it is sent for the second time, microseconds
 */
export function nextSegment(first: number, now: number, timeout: number): number {
  if (now <= first) return first;
  const attempts = Math.ceil(Math.log2((now - first) / timeout + 1));
  return first + timeout * (2 ** attempts - 1);
}
