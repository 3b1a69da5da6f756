/**
 * Keys and values of an .npmrc, which is an ini file. Sections are passed over, quotes around a value taken off,
 * `key[] = value` is the key without its brackets, the last of several counts; a key alone is `true`.
 * {@link https://docs.npmjs.com/cli/configuring-npm/npmrc}
 */
export function parseNpmrc(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let inSection = false;
  for (const raw of text.split(/[\r\n]+/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      inSection = true;
      continue;
    }
    if (inSection) continue;
    const equals = line.indexOf('=');
    const key = unquote((equals < 0 ? line : line.slice(0, equals)).trim()).replace(/\[\]$/, '');
    if (key !== '') values.set(key, equals < 0 ? 'true' : unquote(line.slice(equals + 1).trim()));
  }
  return values;
}

function unquote(text: string): string {
  const quote = text[0];
  if (text.length >= 2 && (quote === '"' || quote === "'") && text.endsWith(quote)) return text.slice(1, -1);
  // A comment after a value, unless its mark is escaped.
  return text.replace(/(?<!\\)[;#].*$/, '').trim();
}
