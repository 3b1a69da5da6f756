import type { Span } from '../model/span.js';
import { holdsToken } from './tokens.js';

/** A password that stands in a URL for all to read. */
export interface UrlPassword {
  readonly host: string;
  readonly password: Span;
}

const AUTHORITY = /:\/\/([^\s/@:"'`<>[\]{}|\\]{0,200}):([^\s/@:"'`<>[\]{}|\\]{4,300})@([\w.-]{1,253})(?![\w.-]*\$)/y;

const LETTER = /[A-Za-z]/;

/** Hosts that only this machine or this network reaches, and those of examples. */
const OWN_HOST =
  /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0)|(?:^|\.)(?:example|test|invalid|local|localhost|internal|lan|localdomain|svc|docker|example\.(?:com|org|net)|(?:your|my)[\w-]*\.\w+)$/i;

/** What people write where a password belongs, and passwords that are no secret. */
const PLACEHOLDER =
  /^(?:(?:my|your|the|some|a)?[-_.]?(?:user|pass|pw|pwd|token|key|secret|api|access|auth|login|deploy|personal|db)?[-_.]?(?:name|password|passwd|passphrase|pass|pw|pwd|token|key|secret)s?(?:[-_.]?here)?|root|admin|guest|anonymous|postgres|mysql|mongo|redis|rabbitmq|docker|x-oauth-basic|test(?:ing)?|foobar|change.?me.*|\*+|\.+|x+|(.)\1+)$|example|placeholder|dummy|fake|redacted|x{4}|^[A-Z]+(?:_[A-Z]+)*$|^%[a-z_]+%$/i;

/** The passwords of `scheme://user:password@host` in a text, in one pass. Variables, placeholders and tokens are left out. */
export function passwordsInUrls(text: string): readonly UrlPassword[] {
  const found: UrlPassword[] = [];
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    if (!LETTER.test(text[at - 1] ?? '')) continue;
    AUTHORITY.lastIndex = at;
    const match = AUTHORITY.exec(text);
    if (!match) continue;
    const [, user = '', password = '', host = ''] = match;
    if (password.includes('$') || PLACEHOLDER.test(password) || user.toLowerCase() === 'anonymous') continue;
    if (!host.includes('.') || OWN_HOST.test(host) || holdsToken(password)) continue;
    const start = at + 3 + user.length + 1;
    found.push({ host, password: { start, end: start + password.length } });
  }
  return found;
}
