/** Host of an address, lower case; null where it has none, or a variable stands in it. */
export function hostOf(url: string): string | null {
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@\s]*@)?(\[[0-9a-f:.]+\]|[^/:?#\s]+)/i.exec(url)?.[1];
  return host === undefined || /[$`*{}]/.test(host) ? null : host.toLowerCase();
}

/** This machine itself, which nobody can stand in front of. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|::1)$/.test(host);
}

/**
 * A host of a network of one's own, by its address or name: without a dot, or below a domain that is not on the Internet.
 * {@link https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml}
 */
export function isPrivateHost(host: string): boolean {
  if (isLoopback(host) || !/[.:]/.test(host)) return true;
  if (/^\[?(?:f[cd]|fe80)[0-9a-f]*:/.test(host)) return true;
  if (/^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host)) return true;
  return /\.(?:local|internal|intranet|lan|corp|home|private|localdomain|test|invalid|example|onion|svc|arpa)$/.test(
    host,
  );
}
