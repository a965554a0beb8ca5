/** Classes of a service level, from whole to gone, and that of an event; the colours are variables of the page's style. */
export const LEVELS = [
  { name: '100%', color: 'var(--up)' },
  { name: '67% to below 100%', color: 'var(--dented)' },
  { name: 'below 67%', color: 'var(--poor)' },
  { name: 'down', color: 'var(--down)' },
] as const;

export const EVENT_CLASS = { name: 'injected event', color: 'var(--event)' } as const;

/** Two of three replicas answering is the usual dent; the edge lies just below it. */
const DENTED_FROM = 0.665;

export function levelName(level: number): string {
  if (level >= 1) return LEVELS[0].name;
  if (level <= 0) return LEVELS[3].name;
  return level >= DENTED_FROM ? LEVELS[1].name : LEVELS[2].name;
}
