/** Units of a Go duration in nanoseconds. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Nanoseconds of a Go duration (`30s`, `1m30s`, `1.5h`); null where it is none. */
export function parseDuration(text: string): number | null {
  const unsigned = text.replace(/^[-+]/, '');
  const sign = text.startsWith('-') ? -1 : 1;
  if (unsigned === '0') return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(unsigned)) return null;
  let total = 0;
  for (const match of unsigned.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0);
  }
  return sign * total;
}

export type HealthIntervalResult =
  | { readonly ok: true; readonly nanoseconds: number }
  | { readonly ok: false; readonly message: string };

/** Value of `--interval` and the like of HEALTHCHECK: empty or 0 for the default, else at least a millisecond. */
export function parseHealthInterval(text: string): HealthIntervalResult {
  if (text === '') return { ok: true, nanoseconds: 0 };
  const nanoseconds = parseDuration(text);
  if (nanoseconds === null) return { ok: false, message: `\`${text}\` is not a duration` };
  if (nanoseconds !== 0 && nanoseconds < 1e6) return { ok: false, message: `\`${text}\` cannot be less than 1ms` };
  return { ok: true, nanoseconds };
}
