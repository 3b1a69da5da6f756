import { holdsToken } from './tokens.js';

/** What the name of a variable says. `password`: a word that people make up. `key`: anything else that opens a door. */
export type SecretKind = 'password' | 'key';

/** What the value of a variable shows, by its form alone. */
export type SecretValue = 'token' | 'literal' | 'harmless';

const PASSWORDS = new Set(['password', 'passwords', 'passwd', 'passphrase', 'pword', 'pwd', 'pass', 'passcode']);
const KEYS = new Set([
  ...['secret', 'secrets', 'token', 'tokens', 'apikey', 'apikeys', 'credential', 'credentials', 'creds', 'auth'],
  ...['authtoken', 'accesskey', 'secretkey', 'privatekey'],
]);
/** What makes a `KEY` a secret one: there are sort keys, cache keys and public keys, too. */
const SECRET_KEYS = new Set(
  (
    'api access secret private priv auth encryption encrypt crypto cipher master admin account license licence ssh deploy ' +
    'aes hmac jwt jws session cookie app application storage webhook vault unseal shared write signing security service ' +
    'stripe openai anthropic azure gcp datadog dd newrelic mailgun sendgrid twilio sentry consumer git github gitlab'
  ).split(' '),
);
/** Words before which say that it is about a secret, or that it is for all to see. */
const NO_SECRET = new Set(
  (
    'public pub publishable anon site gpg pgp rpm apt enable enabled disable disabled use no has require required skip allow ' +
    'is with without reset forgot change validate verify generate create max min num empty random dummy fake mock example ' +
    'sample test'
  ).split(' '),
);
/** What may follow: `TOKEN_PROD`, `PASSWORD_2`, `SECRET_BASE64`. */
const QUALIFIERS = new Set(
  'base64 b64 hex value prod production staging stage dev live default plain raw string old new current base'.split(
    ' ',
  ),
);
/** Frameworks that put these into the pages they serve. */
const PUBLISHED = /^(?:NEXT_PUBLIC|REACT_APP|VITE|VUE_APP|GATSBY|NUXT_PUBLIC|EXPO_PUBLIC|PUBLIC|STORYBOOK|NG_APP)_/;

/**
 * Whether a variable is named like a secret. It is the last word that counts, so that `DB_PASSWORD` is one, and
 * `DB_PASSWORD_FILE`, `TOKEN_URL` and `AUTH_METHOD` are none. Null for no secret.
 */
export function secretKind(name: string): SecretKind | null {
  // Most names hold nothing of the kind.
  if (!/pass|pw|secret|token|key|cred|auth/i.test(name)) return null;
  if (PUBLISHED.test(name) || /^(?:OLD)?PWD$/.test(name)) return null;
  const words = wordsOf(name);
  if (words.some((word) => NO_SECRET.has(word))) return null;
  while (words.length > 1 && (QUALIFIERS.has(words.at(-1) ?? '') || /^\d+$/.test(words.at(-1) ?? ''))) words.pop();
  const last = words.at(-1) ?? '';
  if (PASSWORDS.has(last)) return 'password';
  if (KEYS.has(last)) return 'key';
  const isKey = last === 'key' || last === 'keys';
  return isKey && SECRET_KEYS.has(words.at(-2) ?? '') ? 'key' : null;
}

/** `dbPassword2`, `DB_PASSWORD_2`, `db-password.2`: db, password, 2. */
function wordsOf(name: string): string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .flatMap((word) => /^([a-z]+?)(\d*)$/.exec(word)?.slice(1) ?? word)
    .filter((word) => word !== '');
}

const PLACEHOLDER =
  /change.?(?:me|it|this)|place.?holder|dummy|example|sample|^your|[-_]here$|replace|^<.*>$|^\[.*\]$|^\{\{|^(.)\1*$|todo|fixme|^insert|^set.?(?:me|to|this|your|in)|^not?.?(?:set|used|needed|required|a?.?real|secret)|^un(?:set|used|defined|known)|^fake|^mock|^test(?:ing)?$|^(?:none|null|nil|default|empty|build|builder|secret|key|token|value)$|^x{3,}|^\*+$|^\.+$|\bnot (?:set|defined|given|provided|configured)\b|only.?(?:for|at|during).?build|^build.?(?:time|only)/i;

/** Judges a literal value of a variable that is named like a secret (`kind`), or of any other (`kind` null). */
export function secretValue(value: string, kind: SecretKind | null, name: string): SecretValue {
  const text = value.slice(0, 4000).trim();
  if (holdsToken(text)) return 'token';
  if (kind === null || text === '' || PLACEHOLDER.test(text)) return 'harmless';
  if (/^(?:true|false|yes|no|on|off|enabled?|disabled?|[01])$/i.test(text)) return 'harmless';
  if (kind === 'key' && /^\d+(?:\.\d+)*$/.test(text)) return 'harmless';
  // A path, an address, or the name of where to find it.
  if (/^(?:[.~]?\/|[A-Za-z]:[\\/]|file:|https?:\/\/[^:@]*$|arn:|vault:)/.test(text)) return 'harmless';
  if (/\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|txt|env|asc|gpg)$/i.test(text)) return 'harmless';
  // Fingerprints of keys, which are public.
  if (text.split(/\s+/).every((part) => /^(?:0x)?(?:[0-9A-F]{8}|[0-9A-F]{16}|[0-9A-F]{40})$/.test(part)))
    return 'harmless';
  return normal(text) === normal(name) ? 'harmless' : 'literal';
}

function normal(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
