/** The same plain data with every string passed through `change`: escaping once, where no field can be forgotten. */
export function mapStrings<T>(data: T, change: (text: string) => string): T {
  return walk(data, change) as T;
}

function walk(data: unknown, change: (text: string) => string): unknown {
  if (typeof data === 'string') return change(data);
  if (Array.isArray(data)) return data.map((item) => walk(item, change));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, walk(value, change)]));
}
