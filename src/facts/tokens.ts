import type { Span } from '../model/span.js';

/** A secret that is known by its form alone. */
export interface Token {
  /** What it is, for a message: "a token of GitHub". */
  readonly what: string;
  /** The token; of a private key, its first line. */
  readonly span: Span;
  /** What no report may show. */
  readonly secret: Span;
  /** True for keys that some services mean to be seen, such as those of Google for maps in web pages. */
  readonly mayBePublic: boolean;
}

interface Shape {
  readonly what: string;
  /** Sticky; begins with one of {@link PREFIX}. */
  readonly pattern: RegExp;
  readonly mayBePublic?: boolean;
}

/** What each of {@link SHAPES} begins with: one pass over a text finds all places that are worth a closer look. */
const PREFIX =
  /A(?:KIA|SIA|Iza|GE-SECRET-KEY-1|TATT3)|gh[pousr]_|github_pat_|gl(?:pat|dt|rt|ptt|sa)[-_]|npm_|pypi-AgE|xox[abeoprs]-|xapp-|hooks\.slack\.com\/|[rs]k_live_|whsec_|GOCSPX-|SG\.|dckr_[po]at_|hf_|sk-|dop_v1_|shpat_|lin_api_|NRAK-|rubygems_|hvs\.|tskey-|sntrys_|sbp_|gsk_|r8_|AccountKey=|eyJ|-----BEGIN /g;

/**
 * Forms that their makers gave to tokens so that they can be told from anything else.
 * {@link https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns}
 */
const SHAPES: readonly Shape[] = [
  { what: 'a token of GitHub', pattern: /gh[pousr]_[A-Za-z0-9]{36,255}(?!\w)/y },
  { what: 'a token of GitHub', pattern: /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?!\w)/y },
  { what: 'a token of GitLab', pattern: /gl(?:pat|dt|rt|ptt)-[\w-]{20,300}(?:\.\w{2}\.\w{7,9})?/y },
  { what: 'a token of Grafana', pattern: /glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}(?!\w)/y },
  { what: 'a token of npm', pattern: /npm_[A-Za-z0-9]{36}(?!\w)/y },
  { what: 'a token of PyPI', pattern: /pypi-AgE[A-Za-z0-9][\w-]{40,300}/y },
  { what: 'a token of RubyGems', pattern: /rubygems_[0-9a-f]{48}(?!\w)/y },
  { what: 'a token of Slack', pattern: /xox[abeoprs]-\d{1,20}-[\w-]{10,300}/y },
  { what: 'a token of Slack', pattern: /xapp-\d-[A-Z0-9]{5,20}-\d{5,20}-[0-9a-z]{30,100}/y },
  {
    what: 'a webhook of Slack',
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{8,20}\/B[A-Z0-9]{8,20}\/[A-Za-z0-9]{24}(?!\w)/y,
  },
  { what: 'a key of Stripe', pattern: /[rs]k_live_[A-Za-z0-9]{20,250}(?!\w)/y },
  { what: 'a key of Stripe', pattern: /whsec_[A-Za-z0-9]{32}(?!\w)/y },
  { what: 'an API key of Google', pattern: /AIza[\w-]{35}(?![\w-])/y, mayBePublic: true },
  { what: 'a client secret of Google', pattern: /GOCSPX-[\w-]{28}(?![\w-])/y },
  { what: 'a key of SendGrid', pattern: /SG\.[\w-]{22}\.[\w-]{43}(?![\w-])/y },
  { what: 'a token of Docker Hub', pattern: /dckr_[po]at_[\w-]{20,40}(?![\w-])/y },
  { what: 'a token of Hugging Face', pattern: /hf_[A-Za-z]{34}(?!\w)/y },
  { what: 'a key of OpenAI', pattern: /sk-(?:proj|svcacct|admin)-[\w-]{20,300}/y },
  { what: 'a key of OpenAI', pattern: /sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}(?!\w)/y },
  { what: 'a key of Anthropic', pattern: /sk-ant-[\w-]{20,300}/y },
  { what: 'a key of Groq', pattern: /gsk_[A-Za-z0-9]{52}(?!\w)/y },
  { what: 'a token of Replicate', pattern: /r8_[A-Za-z0-9]{37}(?!\w)/y },
  { what: 'a token of DigitalOcean', pattern: /dop_v1_[0-9a-f]{64}(?!\w)/y },
  { what: 'a token of Shopify', pattern: /shpat_[0-9a-f]{32}(?!\w)/y },
  { what: 'a key of Linear', pattern: /lin_api_[A-Za-z0-9]{40}(?!\w)/y },
  { what: 'a key of New Relic', pattern: /NRAK-[A-Z0-9]{27}(?!\w)/y },
  { what: 'a token of Atlassian', pattern: /ATATT3[\w=-]{150,300}/y },
  { what: 'a token of Vault', pattern: /hvs\.[\w-]{80,200}/y },
  { what: 'a key of Tailscale', pattern: /tskey-(?:auth|api|client)-[A-Za-z0-9]{8,30}-[A-Za-z0-9]{16,60}/y },
  { what: 'a token of Sentry', pattern: /sntrys_[A-Za-z0-9+/=_]{80,400}/y },
  { what: 'a token of Supabase', pattern: /sbp_[0-9a-f]{40}(?!\w)/y },
  { what: 'a key of Azure', pattern: /AccountKey=[A-Za-z0-9+/]{86}==/y },
  { what: 'an age key', pattern: /AGE-SECRET-KEY-1[0-9A-Z]{50,80}/y },
];

const AWS_ID = /(?:AKIA|ASIA)[A-Z2-7]{16}(?!\w)/y;

/** As long as no hash in hexadecimal digits is. */
const AWS_SECRET = /(?<![\w/+=.-])[A-Za-z0-9/+]{40}(?![\w/+=.-])/g;

/** The secret key stands not far from the id of the key. */
const AWS_REACH = 300;

const JWT = /eyJ[\w-]{10,500}\.(eyJ[\w-]{10,2000})\.[\w-]{20,800}/y;

/** What is encrypted is no use to a finder as it stands. */
const KEY_HEAD = /-----BEGIN (?!ENCRYPTED)(?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;

/** `\n` may be written out. */
const KEY_BODY =
  /(?:\s|\\[nr\\]?|["',+]|echo){0,100}([A-Za-z0-9+/]{40})[A-Za-z0-9+/=]{0,200}(?:(?:\s|\\n){1,20}[A-Za-z0-9+/=]{40,200}){0,200}/y;

const LONGEST_KEY = 10_000;

/** No form is shorter. */
export const SHORTEST_TOKEN = 20;

/**
 * The tokens and private keys of a text, in one pass. Examples and placeholders are left out, and so is the id of a key of
 * AWS without the key.
 */
export function tokensIn(text: string): readonly Token[] {
  const found: Token[] = [];
  for (const { index } of text.matchAll(PREFIX)) {
    // In the midst of a word, such as a hash or a digest.
    if (/[\w/+]/.test(text[index - 1] ?? '') && !text.startsWith('hooks', index)) continue;
    if (index < (found.at(-1)?.secret.end ?? 0)) continue;
    const token = tokenAt(text, index);
    if (token) found.push(token);
  }
  return found;
}

/** True where a text holds a token of a form that its maker made for it, and that is no example and meant for nobody else. */
export function holdsToken(text: string): boolean {
  if (text.length < SHORTEST_TOKEN) return false;
  if (/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/.test(text)) return true;
  const id = /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/.exec(text);
  if (id && !isExample(id[0].slice(4))) return true;
  return tokensIn(text).some(({ mayBePublic }) => !mayBePublic);
}

function tokenAt(text: string, index: number): Token | null {
  if (text.startsWith('-----', index)) return keyAt(text, index);
  if (text.startsWith('eyJ', index)) return serviceTokenAt(text, index);
  if (matchAt(AWS_ID, text, index)) return awsSecretNear(text, index);
  for (const { what, pattern, mayBePublic = false } of SHAPES) {
    const match = matchAt(pattern, text, index);
    if (!match) continue;
    if (isExample(bodyOf(match))) return null;
    const span = { start: index, end: index + match.length };
    return { what, span, secret: span, mayBePublic };
  }
  return null;
}

/** What follows the part that all tokens of a kind share. */
function bodyOf(token: string): string {
  return token.replace(
    /^(?:gl[a-z]+|sk-[a-z]+|tskey-[a-z]+|xox.|github_pat|hooks\.slack\.com\/services|[a-z]{2,8}(?:_[a-z\d]+)?)[-_/.]/,
    '',
  );
}

function keyAt(text: string, index: number): Token | null {
  const head = matchAt(KEY_HEAD, text, index);
  if (head === null) return null;
  const end = index + head.length;
  KEY_BODY.lastIndex = end;
  const body = KEY_BODY.exec(text);
  if (body === null || isExample(body[1] ?? '')) return null;
  const foot = text.slice(end, end + LONGEST_KEY).indexOf('-----END');
  const secret = { start: end, end: end + (foot < 0 ? body[0].length : foot) };
  return { what: 'a private key', span: { start: index, end }, secret, mayBePublic: false };
}

/** Supabase signs the tokens that every visitor gets and the one that may do everything in the same way. */
function serviceTokenAt(text: string, index: number): Token | null {
  const match = matchAt(JWT, text, index);
  if (match === null) return null;
  const payload = decodeBase64(match.split('.')[1] ?? '');
  if (!/"role"\s*:\s*"service_role"/.test(payload) || /"iss"\s*:\s*"supabase-demo"/.test(payload)) return null;
  const span = { start: index, end: index + match.length };
  return { what: 'a service key of Supabase', span, secret: span, mayBePublic: false };
}

function awsSecretNear(text: string, index: number): Token | null {
  const from = Math.max(0, index - AWS_REACH);
  for (const match of text.slice(from, index + AWS_REACH).matchAll(AWS_SECRET)) {
    const [secret] = match;
    const isMixed = /[A-Z]/.test(secret) && /[a-z]/.test(secret) && /\d/.test(secret);
    if (!isMixed || isExample(secret)) continue;
    const span = { start: from + match.index, end: from + match.index + secret.length };
    return { what: 'a secret key of AWS', span, secret: span, mayBePublic: false };
  }
  return null;
}

/** Bits that a character of a made-up text says at least. */
const LEAST_ENTROPY = 2.8;

/** True for what only shows what a token looks like. */
function isExample(body: string): boolean {
  if (/example|placeholder|your|dummy|fake|sample|redacted|x{4}|(.)\1{5}|abcdef|123456|987654/i.test(body)) return true;
  const counts = new Map<string, number>();
  for (const character of body) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / body.length) * Math.log2(count / body.length);
  return bits < LEAST_ENTROPY;
}

function matchAt(pattern: RegExp, text: string, index: number): string | null {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? null;
}

function decodeBase64(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return '';
  }
}
