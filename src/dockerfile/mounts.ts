import type { Span } from '../model/span.js';
import type { Flag, Mount } from './ast.js';
import { consequence, type Draft, report } from './draft.js';
import { suggest } from './suggest.js';

const MOUNT_TYPES: readonly string[] = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const SHARING: readonly string[] = ['shared', 'private', 'locked'];
const KEYS: readonly string[] =
  'type from source src target dst destination readonly ro readwrite rw required id sharing mode uid gid size env'.split(
    ' ',
  );
/** {@link https://docs.podman.io/en/latest/markdown/podman-build.1.html} */
const PODMAN_KEYS: readonly string[] = ['z', 'u', 'relabel', 'chown', 'idmap', 'bind-propagation'];
/** Keys that may stand without a value. */
const SWITCHES: ReadonlySet<string> = new Set(['readonly', 'ro', 'readwrite', 'rw', 'required']);
const CANONICAL: ReadonlyMap<string, string> = new Map([
  ['src', 'source'],
  ['dst', 'target'],
  ['destination', 'target'],
]);
/** Keys that only some types of mount take. */
const OWNERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['required', ['secret', 'ssh']],
  ['sharing', ['cache']],
  ['size', ['tmpfs']],
  ['mode', ['secret', 'ssh', 'cache']],
  ['uid', ['secret', 'ssh', 'cache']],
  ['gid', ['secret', 'ssh', 'cache']],
]);
const BOOLEAN = /^(?:1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/;

interface Field {
  /** In lower case. */
  readonly key: string;
  readonly written: string;
  readonly value: string | null;
  readonly keySpan: Span;
  readonly valueSpan: Span;
}

/**
 * Reads `--mount=type=cache,target=/x` and reports what BuildKit refuses in it; a value with a variable is not judged.
 * `text` is the value of the flag with its quotes removed.
 * {@link https://docs.docker.com/reference/dockerfile/#run---mount}
 */
export function readMount(draft: Draft, flag: Flag, text: string): Mount {
  const fields = fieldsOf(flag, text);
  const options = new Map<string, string>();
  for (const field of fields) options.set(CANONICAL.get(field.key) ?? field.key, field.value ?? 'true');
  const type = (options.get('type') ?? 'bind').toLowerCase();
  // The type decides what the others mean, and one problem is enough: the rest may follow from it.
  const known = MOUNT_TYPES.includes(type) ? type : null;
  const ordered = [
    ...fields.filter((field) => field.key === 'type'),
    ...fields.filter((field) => field.key !== 'type'),
  ];
  for (const field of ordered) if (checkField(draft, field, known)) break;
  return { flag, type, options };
}

function fieldsOf(flag: Flag, text: string): Field[] {
  const whole = flag.value?.span ?? flag.span;
  // Where quotes were removed or lines joined, offsets no longer agree and the whole value is shown.
  const exact = flag.value?.text === text && whole.end - whole.start === text.length;
  const fields: Field[] = [];
  let at = 0;
  for (const part of splitFields(text)) {
    const start = whole.start + at;
    const raw = part.startsWith('"') && part.endsWith('"') && part.length > 1 ? part.slice(1, -1) : part;
    const shift = raw === part ? 0 : 1;
    const equals = raw.indexOf('=');
    const keyEnd = equals === -1 ? raw.length : equals;
    fields.push({
      key: raw.slice(0, keyEnd).toLowerCase(),
      written: raw.slice(0, keyEnd),
      value: equals === -1 ? null : raw.slice(equals + 1),
      keySpan: exact ? { start: start + shift, end: start + shift + keyEnd } : whole,
      valueSpan:
        exact && equals !== -1 ? { start: start + shift + equals + 1, end: start + shift + raw.length } : whole,
    });
    at += part.length + 1;
  }
  return fields;
}

/** Splits at commas outside double quotes. */
function splitFields(text: string): string[] {
  const fields: string[] = [];
  let start = 0;
  let inQuotes = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') inQuotes = !inQuotes;
    else if (char === ',' && !inQuotes) {
      fields.push(text.slice(start, at));
      start = at + 1;
    }
  }
  fields.push(text.slice(start));
  return fields;
}

/** True where a problem was reported. `type` is null where it is not known. */
function checkField(draft: Draft, field: Field, type: string | null): boolean {
  const { key, value } = field;
  const refuse = (message: string, help: string | null, span: Span, suggestion: string | null = null): true => {
    report(draft, 'invalid-flag-value', { message: `${message}: ${consequence(draft)}`, help, span, suggestion });
    return true;
  };
  if (PODMAN_KEYS.includes(key)) {
    const message = `\`${field.written}\` is a mount option of podman alone: BuildKit stops here`;
    report(draft, 'invalid-flag-value', { message, span: field.keySpan, uncertain: true });
    return true;
  }
  if (!KEYS.includes(key)) {
    const close = suggest(key, KEYS);
    const help = close ? `did you mean \`${close}\`?` : null;
    return refuse(
      key === '' ? 'a mount option has no name' : `mounts have no option \`${field.written}\``,
      help,
      field.keySpan,
      close,
    );
  }
  const owners = type !== null ? OWNERS.get(key) : undefined;
  if (type !== null && owners && !owners.includes(type)) {
    const message = `\`${key}\` is for ${owners.join(', ')} mounts, not for ${type} mounts`;
    return refuse(message, null, field.keySpan);
  }
  if (value === null) {
    return !SWITCHES.has(key) && refuse(`mount option \`${key}\` has no value`, `write \`${key}=...\``, field.keySpan);
  }
  if (key === 'from') {
    // The one key that BuildKit refuses variables in.
    if (!/\$./.test(value)) return false;
    return refuse(
      '`from` of a mount takes no variables',
      'give the image a stage name with FROM and use that',
      field.valueSpan,
    );
  }
  if (value.includes('$')) return false;
  switch (key) {
    case 'type': {
      if (MOUNT_TYPES.includes(value.toLowerCase())) return false;
      const close = suggest(value, MOUNT_TYPES);
      return refuse(`\`${value}\` is no type of mount`, `one of ${MOUNT_TYPES.join(', ')}`, field.valueSpan, close);
    }
    case 'sharing': {
      if (SHARING.includes(value.toLowerCase())) return false;
      const close = suggest(value, SHARING);
      return refuse(`\`${value}\` is no way of sharing`, `one of ${SHARING.join(', ')}`, field.valueSpan, close);
    }
    case 'required':
    case 'readonly':
    case 'ro':
    case 'readwrite':
    case 'rw':
      return !BOOLEAN.test(value) && refuse(`\`${key}\` is true or false, not \`${value}\``, null, field.valueSpan);
    case 'mode':
      return (
        !/^[0-7]+$/.test(value) && refuse(`\`${value}\` is not an octal file mode`, 'write it as 0755', field.valueSpan)
      );
    case 'uid':
    case 'gid':
      return !/^\d+$/.test(value) && refuse(`\`${value}\` is not a numeric ${key}`, null, field.valueSpan);
    default:
      return false;
  }
}
