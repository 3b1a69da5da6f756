/** Pure path arithmetic on forward slashes, as Go's `path/filepath` does it on Unix. No disk is touched. */

/**
 * The shortest equivalent path by its text alone: no `.`, no inner `..`, no doubled or trailing slash; `.` for an empty
 * one. {@link https://pkg.go.dev/path/filepath#Clean}
 */
export function cleanPath(path: string): string {
  if (path === '') return '.';
  if (isClean(path)) return path;
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  const joined = parts.join('/');
  if (rooted) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/** Joins and cleans; an absolute `path` does not replace `base`. */
export function joinPath(base: string, path: string): string {
  return cleanPath(base === '' ? path : `${base}/${path}`);
}

/** Resolves `path` against the absolute `base`, as a shell would. */
export function resolvePath(base: string, path: string): string {
  return path.startsWith('/') || /^[A-Za-z]:\//.test(path) ? cleanPath(path) : joinPath(base, path);
}

/** The directory of a path; `.` where it has none. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** True where the absolute `path` is `directory` or lies below it. */
export function isWithin(directory: string, path: string): boolean {
  if (directory === path) return true;
  return path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}

/** `to` as seen from the directory `from`; both absolute and clean. */
export function relativePath(from: string, to: string): string {
  const a = from.split('/').filter(Boolean);
  const b = to.split('/').filter(Boolean);
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  const parts = [...a.slice(common).map(() => '..'), ...b.slice(common)];
  return parts.length === 0 ? '.' : parts.join('/');
}

/** A path as BuildKit reads it in a root of its own: `/x`, `./x` and `../x` are all `x`; `.` for the root itself. */
export function clampToRoot(path: string): string {
  const clean = cleanPath(`/${path}`).slice(1);
  return clean === '' ? '.' : clean;
}

/** A path inside the context joined to the context as it is shown; `.` as the context adds nothing. */
export function displayPath(displayRoot: string, path: string): string {
  if (displayRoot === '' || displayRoot === '.') return cleanPath(path);
  return joinPath(displayRoot, path);
}

const UNCLEAN = /^\.\.?\/|\/\/|\/\.\.?(?:\/|$)|.\/$/;

function isClean(path: string): boolean {
  return !UNCLEAN.test(path);
}

/** A path as shown: relative to the working directory, with forward slashes. */
export function displayFrom(cwd: string, path: string): string {
  // Another drive of Windows has no relative path.
  if (/^[A-Za-z]:/.test(path) && path[0]?.toLowerCase() !== cwd[0]?.toLowerCase()) return path;
  return relativePath(cwd, path);
}
