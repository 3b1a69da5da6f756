import valid from 'semver/functions/valid.js';

/** A URI with its scheme, as RFC 3986 and, for letters beyond ASCII, browsers have it. */
export function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+-]*:[^\s<>"{}|\\^`]+$/i.test(text) && URL.canParse(text);
}

/** A date and time of RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339#section-5.6), that there was or will be. */
export function isTimestamp(text: string): boolean {
  const found = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-](\d{2}):(\d{2}))$/.exec(text);
  if (!found) return false;
  const [, day = '', hour, minute, second, offsetHour = 0, offsetMinute = 0] = found;
  const date = new Date(`${day}T00:00:00Z`);
  return (
    !Number.isNaN(date.getTime()) &&
    date.toISOString().startsWith(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    // A leap second is the 61st.
    Number(second) <= 60 &&
    Number(offsetHour) < 24 &&
    Number(offsetMinute) < 60
  );
}

/** A commit of git: seven digits or more of a SHA-1, or a whole SHA-256. */
export function isGitHash(text: string): boolean {
  return /^(?:[0-9a-f]{7,40}|[0-9a-f]{64})$/i.test(text);
}

/** A version of https://semver.org, without the `v` that the package would let pass. */
export function isSemanticVersion(text: string): boolean {
  return /^\d\S*$/.test(text) && valid(text) !== null;
}

/** An address of RFC 5322, without a name before it: `local@domain`. */
export function isEmail(text: string): boolean {
  if (text.length > 320) return false;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  return (
    /^(?:[\w!#$%&'*+/=?^`{|}~.\u0080-\uffff-]+|"[^"\\]*")$/.test(local) &&
    !/^\.|\.\.|\.$/.test(local) &&
    /^(?:\[[\w.:]+\]|[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?)$/u.test(text.slice(at + 1)) &&
    !text.slice(at + 1).includes('..')
  );
}
