import { conceal } from './conceal.js';
import type { Reporter } from './types.js';

/** Formats by name. Each is loaded when it is asked for: a run needs one of them. */
const LOADERS = {
  text: async () => (await import('./text.js')).text,
  compact: async () => (await import('./compact.js')).compact,
  json: async () => (await import('./json.js')).json,
  sarif: async () => (await import('./sarif.js')).sarif,
  github: async () => (await import('./github.js')).github,
  gitlab: async () => (await import('./gitlab.js')).gitlab,
  codeclimate: async () => (await import('./codeclimate.js')).codeclimate,
  checkstyle: async () => (await import('./checkstyle.js')).checkstyle,
  junit: async () => (await import('./junit.js')).junit,
  sonarqube: async () => (await import('./sonarqube.js')).sonarqube,
  gnu: async () => (await import('./gnu.js')).gnu,
  markdown: async () => (await import('./markdown.js')).markdown,
} satisfies Readonly<Record<string, () => Promise<Reporter>>>;

export type FormatName = keyof typeof LOADERS;

export const FORMATS = Object.keys(LOADERS) as readonly FormatName[];

export function isFormat(name: string): name is FormatName {
  return Object.hasOwn(LOADERS, name);
}

/** The reporter of a format. What findings mark as a secret is in nothing that it writes. */
export async function loadReporter(name: FormatName): Promise<Reporter> {
  const render = await LOADERS[name]();
  return (report, env) => render(conceal(report), env);
}
