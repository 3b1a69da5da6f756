import { baseName } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { Place } from '../model/finding.js';
import { createSource, lineIndexAt, lineSpan, type SourceFile } from '../model/source.js';
import { isLocalSecret, isSecretSetting } from './secret-setting.js';

export interface FileSecret {
  /** Relative to the context. */
  readonly path: string;
  /** What it is, for a message: "a private key", "the value of `DB_PASSWORD`". Never the secret itself. */
  readonly what: string;
  /** False for what is a secret by its kind but cannot be looked into, such as a key store. */
  readonly certain: boolean;
  /** The telling words, in a copy of the file that holds nothing else; null where it is no text. */
  readonly place: Place | null;
}

/** Larger files are no settings and no keys. */
const LARGEST = 1_000_000;

/** What stands there shows how something works and opens no door. */
const SAMPLES =
  /(?:^|\/)(?:tests?|__tests__|specs?|fixtures?|__fixtures__|test[-_]?data|examples?|docs?|samples?|e2e|cypress|mocks?|__mocks__|demos?|vendor|third[-_]party)\//i;

/** Written to be shown, or to be used by tests. */
const SAMPLE_NAME =
  /(?:^|[-_.])(?:examples?|samples?|templates?|tpl|dist|defaults?|schema|vault|dummy|fake|mock|demo|tests?|testing|ci|e2e)(?:$|[-_.])/i;

/** A key that is made for a developer's own machine opens nothing else. */
const LOCAL_KEY =
  /(?:^|[-_.])(?:localhost|local|dev|development|snakeoil|self-?signed)(?:$|[-_.]).*(?:key|pem|p12|pfx)$/i;

interface Detector {
  readonly name: RegExp;
  /** In bytes, where the name says little and many files are not to be read. */
  readonly size?: readonly [number, number];
  find(text: string): Hit | null;
}

interface Hit {
  readonly what: string;
  /** Offsets of the words that may be shown. */
  readonly start: number;
  readonly end: number;
}

const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----|^PuTTY-User-Key-File-\d/m;

/** Settings for the environment of a program. */
const SETTINGS = /^(?:\.env(?:\..+)?|.+\.env|\.envrc|\.dev\.vars)$/i;

const DETECTORS: readonly Detector[] = [
  {
    name: /^(?:id_(?:rsa|dsa|ecdsa|ed25519)|.+\.(?:pem|key|p8|ppk)|.+_rsa)$/i,
    find: (text) => {
      const found = marked(text, PRIVATE_KEY, 'a private key');
      // With a passphrase it is no use to a finder as it stands.
      return found && /ENCRYPTED PRIVATE KEY|^Proc-Type: 4,ENCRYPTED/m.test(text) ? null : found;
    },
  },
  { name: SETTINGS, find: (text) => findSetting(text) },
  { name: /^(?:.+\.tfvars|gradle\.properties)$/, find: (text) => findSetting(text) },
  {
    name: /^\.npmrc$/,
    find: (text) =>
      marked(
        text,
        /(?<=^|:)_(?:authToken|auth|password)(?=[ \t]*=[ \t]*"?[^\s"$<]{6})/m,
        'a token of the package registry',
      ),
  },
  {
    name: /^\.yarnrc\.yml$/,
    find: (text) =>
      marked(text, /npmAuth(?:Token|Ident)(?=:[ \t]*["']?[^\s"'$<]{6})/, 'a token of the package registry'),
  },
  { name: /^\.pypirc$/, find: (text) => marked(text, /^password(?=[ \t]*[=:][ \t]*[^\s$<]{6})/m, 'a password') },
  { name: /^[._]netrc$/, find: (text) => marked(text, /\bpassword(?=\s+[^\s$<]{6})/, 'a password') },
  {
    name: /^\.git-credentials$/,
    find: (text) => marked(text, /^https?(?=:\/\/[^\s:/@]+:[^\s@]{6,}@)/m, 'a password'),
  },
  {
    name: /^(?:config\.json|\.dockercfg)$/,
    find: (text) => marked(text, /"auth"(?=\s*:\s*"[A-Za-z0-9+/=]{12,}")/, 'the login of a container registry'),
  },
  {
    name: /^(?:credentials|config)$/,
    find: (text) => marked(text, /^aws_secret_access_key(?=[ \t]*=[ \t]*[A-Za-z0-9+/]{40})/m, 'a key of AWS'),
  },
  {
    name: /^(?:kubeconfig|config|.+\.kubeconfig|kubeconfig\.ya?ml)$/,
    find: (text) =>
      /^kind:\s*Config\b/m.test(text)
        ? marked(text, /\b(?:client-key-data|token|password)(?=:[ \t]*["']?[^\s"'$<]{12})/, 'access to a cluster')
        : null,
  },
  {
    name: /(?:account|credential|firebase|google|gcp|gcloud|admin|key|secret).*\.json$/i,
    find: (text) =>
      /"type"\s*:\s*"service_account"/.test(text)
        ? marked(text, /"private_key"(?=\s*:\s*"-----BEGIN)/, 'the private key of a service account')
        : null,
  },
  {
    // As it is downloaded, under a name of the project: a key has about 2,300 bytes.
    name: /\.json$/,
    size: [1500, 4000],
    find: (text) =>
      /"type"\s*:\s*"service_account"/.test(text)
        ? marked(text, /"private_key"(?=\s*:\s*"-----BEGIN)/, 'the private key of a service account')
        : null,
  },
  {
    name: /^(?:application_default_credentials|adc)\.json$/,
    find: (text) => marked(text, /"refresh_token"(?=\s*:\s*"[^"\s$<]{12,}")/, 'access to Google Cloud'),
  },
  {
    name: /^auth\.json$/,
    find: (text) =>
      /"(?:github-oauth|gitlab-token|http-basic|bearer)"/.test(text)
        ? marked(text, /"(?:password|[\w-]+(?:\.[\w-]+)+)"(?=\s*:\s*"[^"\s$<]{12,}")/, 'a token of Composer')
        : null,
  },
  {
    name: /^credentials(?:\.toml)?$/,
    find: (text) =>
      marked(text, /^(?:token(?=[ \t]*=[ \t]*"[^"\s$<]{12,}")|:\w*api_key(?=:[ \t]*\S{12}))/m, 'a token of a registry'),
  },
  {
    name: /^(?:settings\.xml|nuget\.config)$/i,
    find: (text) =>
      marked(
        text,
        /<password(?=>(?!pass|secret|your|my|example|change)[^<\s${}]{6,}<)|"ClearTextPassword"(?=\s+value="(?!pass|your|my)[^"%$\s]{6,}")/i,
        'a password',
      ),
  },
  {
    name: /^\.pgpass$/,
    find: (text) =>
      marked(
        text,
        /^[^\s:#]+(?=:[^\s:]*:[^\s:]*:[^\s:]*:(?!postgres|pass|secret|your|my|example|change)[^\s$<]{6})/m,
        'a password of PostgreSQL',
      ),
  },
  {
    name: /^\.vault-token$/,
    find: (text) =>
      /^(?:hv[sb]|s)\.[\w-]{20,}\s*$/.test(text) ? { what: 'a token of Vault', start: 0, end: 0 } : null,
  },
  {
    name: /^master\.key$/,
    find: (text) =>
      /^[0-9a-f]{32}\s*$/.test(text) ? { what: 'the master key of the credentials', start: 0, end: 0 } : null,
  },
];

/** Kinds of file that hold a secret wherever they are real; they cannot be looked into. */
const OPAQUE: readonly { readonly name: RegExp; readonly what: string }[] = [
  { name: /\.(?:p12|pfx)$/i, what: 'a private key with its certificate' },
  { name: /\.tfstate(?:\.backup)?$/, what: 'the state of Terraform with every secret in it' },
];

/** Names under which nothing but a secret is kept. */
const TELLING: readonly { readonly path: RegExp; readonly what: string }[] = [
  { path: /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)$/, what: 'a private key of SSH' },
  { path: /(?:^|\/)(?:private[-_]?key\.pem|privkey\.pem|private\.key)$/i, what: 'a private key' },
  { path: /(?:^|\/)[._]netrc$/, what: 'passwords' },
  { path: /(?:^|\/)\.pgpass$/, what: 'passwords of PostgreSQL' },
  { path: /(?:^|\/)\.git-credentials$/, what: 'passwords of Git' },
  { path: /(?:^|\/)\.aws\/credentials$/, what: 'keys of AWS' },
  { path: /(?:^|\/)\.dockercfg$/, what: 'logins of container registries' },
  { path: /(?:^|\/)(?:\.kube\/config|kubeconfig(?:\.ya?ml)?)$/, what: 'access to a cluster' },
  {
    path: /(?:^|\/)(?:(?:gcp|gcloud|google|firebase)[-_]?)?service[-_]?account(?:[-_]?key)?\.json$|(?:^|\/)application_default_credentials\.json$/i,
    what: 'the key of a service account',
  },
  { path: /(?:^|\/)\.vault-token$/, what: 'a token of Vault' },
  { path: /(?:^|\/)config\/master\.key$/, what: 'the master key of Rails' },
];

/** What each of {@link TELLING} holds one of. */
const MAY_TELL = /id_|key|netrc|pgpass|credentials|docker|kube|vault-token|service/i;

/** What a path is certain to hold by its name alone; null for a sample, and for a name that says too little. */
export function secretByName(path: string): string | null {
  if (!MAY_TELL.test(path)) return null;
  const name = baseName(path);
  if (SAMPLES.test(path) || SAMPLE_NAME.test(name) || LOCAL_KEY.test(name)) return null;
  return TELLING.find((one) => one.path.test(path))?.what ?? null;
}

/**
 * Finds out whether a file holds a secret, by its name first and then by its text. A value that is a placeholder, comes
 * from a variable or is public by its name does not count, and neither do samples and tests.
 */
export function secretIn(context: BuildContext, path: string): FileSecret | null {
  const name = baseName(path);
  const detectors = DETECTORS.filter((one) => one.name.test(name));
  const opaque = OPAQUE.find((one) => one.name.test(name));
  if ((detectors.length === 0 && !opaque) || SAMPLES.test(path)) return null;
  if (SAMPLE_NAME.test(name) || LOCAL_KEY.test(name)) return null;
  const size = context.stat(path)?.size ?? 0;
  if (opaque) return size > 0 ? { path, what: opaque.what, certain: false, place: null } : null;
  if (size > LARGEST) return null;
  const fitting = detectors.filter((one) => !one.size || isSmallKey(path, size, one.size));
  const file = fitting.length > 0 ? context.read(path) : null;
  if (!file) return null;
  for (const detector of fitting) {
    const hit = detector.find(file.text);
    if (hit) return { path, what: hit.what, certain: true, place: redacted(file, hit) };
  }
  // What git ignores is no sample, so that a simple value is real as well.
  const local = SETTINGS.test(name) && context.isGitIgnored(path) ? findSetting(file.text, isLocalSecret) : null;
  return local && { path, what: local.what, certain: false, place: redacted(file, local) };
}

/** Further down are translations and the like, and many of them. */
function isSmallKey(path: string, size: number, [least, most]: readonly [number, number]): boolean {
  return size >= least && size <= most && path.split('/').length <= 3;
}

function findSetting(text: string, isSecret = isSecretSetting): Hit | null {
  for (const line of text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(.*)$/gm)) {
    const [all, key = '', value = ''] = line;
    if (!isSecret(key, value)) continue;
    const start = line.index + all.indexOf(key);
    return { what: `the value of \`${key}\``, start, end: start + key.length };
  }
  return null;
}

function marked(text: string, pattern: RegExp, what: string): Hit | null {
  const found = pattern.exec(text);
  return found ? { what, start: found.index, end: found.index + found[0].length } : null;
}

/** The place in a copy of the file in which every other word is gone: reports show the lines that they mark. */
function redacted(file: SourceFile, { start, end }: Hit): Place | null {
  if (start === end) return null;
  const index = lineIndexAt(file, start);
  const column = start - lineSpan(file, index).start;
  const word = file.text.slice(start, end);
  const text = `${'\n'.repeat(index)}${' '.repeat(column)}${word}${word.startsWith('-----') ? '' : ' ***'}`;
  const from = index + column;
  return { file: createSource(file.path, text), span: { start: from, end: from + word.length } };
}
