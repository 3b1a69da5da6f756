/** "`a`, `b` and `c`"; a long list or a long path is cut short. */
export function listed(paths: readonly string[]): string {
  const words = paths.map((path) => `\`${path.length <= 30 ? path : `…${path.slice(-29)}`}\``);
  const shown = words.length > 3 ? [...words.slice(0, 2), `${words.length - 2} more`] : words;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}
