import type { Span } from '../model/span.js';
import { isIP } from './ip.js';

export interface Port {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
}

export type PortResult =
  | { readonly ok: true; readonly ports: readonly Port[] }
  | {
      readonly ok: false;
      /** As BuildKit begins it. */
      readonly message: string;
      /** Why it is none. */
      readonly reason: string;
      /** The part of the text that is wrong; all of it where that is not one part. */
      readonly part: Span;
    };

/**
 * Reads one word of EXPOSE: `8080`, `53/udp`, `3000-3005/tcp`, and with host parts, which EXPOSE takes and drops:
 * `[ip:][host:]container`. A range gives each of its ports.
 */
export function parsePort(text: string): PortResult {
  const parts = text.split(':');
  const last = parts.pop() ?? '';
  const hostPort = parts.pop() ?? '';
  const ip = parts.join(':');
  const [containerPort = '', rawProtocol = ''] = splitOnce(last, '/');
  const containerStart = text.length - last.length;
  const container = { start: containerStart, end: containerStart + containerPort.length };
  if (containerPort === '') return refuse(text, 'no port specified');
  const protocol = protocolOf(rawProtocol);
  if (!protocol) {
    const part = { start: container.end + 1, end: text.length };
    return refuse(text, `invalid protocol \`${rawProtocol}\`, only tcp, udp and sctp are known`, part);
  }
  const host = ip.startsWith('[') && ip.endsWith(']') ? ip.slice(1, -1) : ip;
  if (host !== '' && !isIP(host)) return refuse(text, `\`${host}\` is not an IP address`, { start: 0, end: ip.length });
  const range = parseRange(containerPort);
  if (typeof range === 'string') return refuse(text, range, container);
  const { start, end } = range;
  if (hostPort !== '') {
    const hostRange = parseRange(hostPort);
    if (typeof hostRange === 'string') {
      return refuse(text, hostRange, { start: containerStart - 1 - hostPort.length, end: containerStart - 1 });
    }
    if (end - start !== hostRange.end - hostRange.start && end !== start) {
      return refuse(text, 'the ranges of host and container ports differ in length');
    }
  }
  if (start === end) return { ok: true, ports: [{ port: start, protocol }] };
  return {
    ok: true,
    ports: Array.from({ length: end - start + 1 }, (_, index) => ({ port: start + index, protocol })),
  };
}

function refuse(text: string, reason: string, part: Span = { start: 0, end: text.length }): PortResult {
  return { ok: false, message: `invalid port: "${text}": ${reason}`, reason, part };
}

function protocolOf(text: string): Port['protocol'] | null {
  const lower = text.toLowerCase();
  if (lower === '') return 'tcp';
  return lower === 'tcp' || lower === 'udp' || lower === 'sctp' ? lower : null;
}

/**
 * How much of a word that {@link parsePort} takes is a host part (`8080:` of `8080:80`), which BuildKit drops with a
 * warning and means to refuse.
 */
export function hostPartLength(text: string): number {
  return text.lastIndexOf(':') + 1;
}

/** The range, or why it is none. */
function parseRange(text: string): { start: number; end: number } | string {
  const parts = text.split('-');
  if (parts.length > 2) return `\`${text}\` is not a range of ports`;
  const numbers = parts.map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  const [start = Number.NaN, end = start] = numbers;
  if (Number.isNaN(start) || Number.isNaN(end)) return `\`${text}\` is not a number`;
  if (start > 65_535 || end > 65_535) return `${Math.max(start, end)} is more than the highest port, 65535`;
  if (end < start) return `the range \`${text}\` ends before it begins`;
  return { start, end };
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
