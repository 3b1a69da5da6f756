import type { Span } from '../model/span.js';
import type { Facts, StageFacts } from './types.js';

/** A port of its own container that HEALTHCHECK asks. */
export interface ProbedPort {
  readonly port: number;
  /** The port as written, in the Dockerfile. */
  readonly span: Span;
}

/** `localhost:8080`, with or without a scheme, `localhost:$PORT`, `nc -z localhost 8080`. */
const PROBE =
  /((?:\blocalhost|\b127\.0\.0\.1|\b0\.0\.0\.0|\[::1\])(?::| (?=\d+\b)))(?:(\d{1,5})\b|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::-(\d{1,5}))?\}))/g;

/** `http://localhost/health`, whose port the scheme gives. */
const WITHOUT_PORT = /\bhttp(s)?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?=[/?\s"'`)]|$)/g;

/** The ports that the HEALTHCHECK of the shipped stage asks; empty where it asks none that can be read. */
export function probedPorts(facts: Facts): readonly ProbedPort[] {
  const { target, document } = facts;
  const command = target?.healthcheck?.command;
  if (!target || !command) return [];
  const text = document.source.text.slice(command.span.start, command.span.end);
  const found: ProbedPort[] = [];
  for (const match of text.matchAll(PROBE)) {
    const [whole, before = '', literal, plain, braced, fallback] = match;
    const port = Number(literal ?? environmentValue(plain ?? braced ?? '', fallback, target) ?? Number.NaN);
    if (!(port > 0 && port < 65536)) continue;
    const start = command.span.start + match.index;
    found.push({ port, span: { start: start + before.length, end: start + whole.length } });
  }
  if (!text.includes('--unix-socket')) {
    for (const match of text.matchAll(WITHOUT_PORT)) {
      const start = command.span.start + match.index;
      found.push({ port: match[1] ? 443 : 80, span: { start, end: start + match[0].length } });
    }
  }
  return found;
}

/** The shell of the container expands it when the check runs. */
function environmentValue(name: string, fallback: string | undefined, target: StageFacts): string | null {
  const setting = target.final.env.get(name);
  return setting ? setting.value : (fallback ?? null);
}
