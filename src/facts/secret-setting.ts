import { holdsToken } from './tokens.js';

/** Words of a variable's name that make its value a secret. */
const SECRET_WORD = /^(?:PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|SECRETS|TOKEN|APIKEY|CREDENTIAL|CREDENTIALS|PAT)$/;
const SECRET_KEY =
  /(?:^|_)(?:API|ACCESS|PRIVATE|SECRET|ENCRYPTION|SIGNING|AUTH|MASTER|SERVICE|ACCOUNT|LICENSE)_KEY(?:_|$)/;

/** Words at its end that make it something about the secret instead. */
const ABOUT =
  /_(?:FILE|PATH|DIR|NAME|ID|URL|URI|HOST|TTL|EXPIRY|EXPIRES|EXPIRES_IN|EXPIRATION|EXPIRE|LIFETIME|AGE|LENGTH|SIZE|TYPE|HEADER|ENABLED|REQUIRED|ALGORITHM|ISSUER|AUDIENCE|MIN|MAX|LIMIT|PREFIX|VERSION|REGION|ENDPOINT|SERVICE|FIELD|COOKIE|HASH|SALT_ROUNDS|ROUNDS|REGEX|PATTERN|POLICY)$/;

/** Frameworks build such variables into the page that every visitor gets. */
const PUBLIC =
  /^(?:NEXT_PUBLIC|NUXT_PUBLIC|VITE|REACT_APP|VUE_APP|GATSBY|EXPO_PUBLIC|STORYBOOK|PUBLIC)_|(?:^|_)(?:PUBLIC|PUBLISHABLE|ANON)(?:_|$)/;

const PLACEHOLDER =
  /^(?:(?:your|my|insert|enter|put|replace)[-_ ]|root|admin|user|guest|postgres|mysql|mariadb|mongo|redis|rabbitmq|minio|docker|token|key|default|foo|bar|baz|qwerty|abc|123|tests?|dev|local)|secret|passw|pa55|p@ss|example|chang|dummy|placeholder|x{3}|\*{3}|\.{3}|sample|insecure|fake|todo|[-_]tests?(?:[-_]|$)|localhost/i;

/** `scheme://user:password@host` of a host that others can reach. */
const URL_WITH_PASSWORD = /^[a-z][a-z0-9+]*:\/\/[^\s:/@]*:([^\s@/]{6,})@([\w-]+\.[\w.-]+)/i;

/**
 * True where a setting of an environment file is certain to be a secret: its name says so and its value is a literal that
 * is no placeholder, or the value is a token of a known form.
 *
 * @param raw what stands behind `=`, quotes and comment included
 */
export function isSecretSetting(key: string, raw: string): boolean {
  const value = unquoted(raw);
  if (holdsToken(value)) return true;
  if (!isLiteralSecret(value)) return false;
  const url = URL_WITH_PASSWORD.exec(value);
  if (url)
    return !PLACEHOLDER.test(url[1] ?? '') && !/(?:^|\.)(?:example\.\w+|test|local|internal)$/i.test(url[2] ?? '');
  return isSecretName(key) && !/:\/\//.test(value);
}

/**
 * True where the name of a setting says that it is a secret and its value is no mere example of one, be it short or simple:
 * enough in a file that git ignores, which is there for the real values.
 */
export function isLocalSecret(key: string, raw: string): boolean {
  const value = unquoted(raw);
  if (value.length < 4 || /[${<>]|\s|^(?:[./~]|true$|false$|none$|null$)|^\d+[a-z]?$/i.test(value)) return false;
  return isSecretName(key) && !/your|change|example|placeholder|insert|replace|dummy|xxx|\*\*\*|todo/i.test(value);
}

/** `dbPassword`, `DB_PASSWORD` and `db-password` are one. */
function isSecretName(key: string): boolean {
  const name = key
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[-.]/g, '_')
    .toUpperCase();
  if (PUBLIC.test(name) || ABOUT.test(name)) return false;
  return SECRET_KEY.test(name) || name.split('_').some((word) => SECRET_WORD.test(word));
}

function isLiteralSecret(value: string): boolean {
  if (value.length < 8 || /[${<>]|\s/.test(value)) return false;
  // A path, or a number of seconds or bytes.
  if (/^(?:[./~]|\d{1,9}[a-z]?$)/i.test(value)) return false;
  return /:\/\//.test(value) || !PLACEHOLDER.test(value);
}

function unquoted(raw: string): string {
  const text = raw.trim();
  const quoted = /^(["'])(.*?)\1/.exec(text);
  return quoted ? (quoted[2] ?? '') : text.replace(/\s+#.*$/, '');
}
