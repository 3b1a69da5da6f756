/** What yargs read: an option to its value or values. */
export type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** Of an option that is given more than once, the last holds: a wrapper's defaults can be overruled. */
export function last(values: Values, name: string): string | boolean | null {
  const value = values[name];
  const found = Array.isArray(value) ? value.at(-1) : value;
  return found ?? null;
}

export function single(values: Values, name: string): string | null {
  const value = last(values, name);
  return typeof value === 'string' ? value : null;
}

export function flag(values: Values, name: string): boolean | null {
  const value = last(values, name);
  return typeof value === 'boolean' ? value : null;
}

export function list(values: Values, name: string): readonly string[] {
  const value = values[name];
  if (value === undefined || typeof value === 'boolean') return [];
  return (typeof value === 'string' ? [value] : value).filter((item) => typeof item === 'string');
}
