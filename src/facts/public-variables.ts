import type { Span } from '../model/span.js';
import { devServerOf } from './dev-server.js';
import { appBuilds, buildsApp } from './next-standalone.js';
import { lineage } from './node.js';
import type { CommandUse, Facts, StageFacts } from './types.js';

/** A variable of a browser's code that is set where the code is built already. */
export interface LateVariable {
  readonly name: string;
  readonly span: Span;
  /** The command that has built the code. */
  readonly build: CommandUse;
  /** What its name begins with where code that runs on the server may read it when it runs; null for code of browsers alone. */
  readonly serverPrefix: string | null;
}

/** Prefixes of variables that a build writes into the code for browsers; some names are the tool's own. */
const PUBLIC =
  /^(?:NEXT_PUBLIC|VITE(?!_CJS_)|REACT_APP|VUE_APP|GATSBY(?!_(?:TELEMETRY|LOG|CPU|HOST|EXPERIMENTAL|CACHE|CONCURRENT|ENABLE|ACTIVE|GRAPHQL|NO|WEBPACK|PARALLEL))|EXPO_PUBLIC)_\w/;

/** Astro's are without a name of its own; SvelteKit's of that prefix are either known to the build or read at run time. */
const PUBLIC_OR_ASTRO = new RegExp(`${PUBLIC.source}|^PUBLIC_\\w`);

/** Frameworks whose code on the server may ask the environment for a variable that the build did not know. */
const SERVER = /^(?:NEXT_PUBLIC_|PUBLIC_)/;

/** What puts values into built files when a container starts. */
const REPLACED =
  /\b(?:sed|envsubst|perl|awk|jq|gomplate|dockerize)\b|runtime-env|env-config|env\.sh|window\.|_env_|__ENV|import-meta-env|react-(?:inject-)?env|publicRuntimeConfig|placeholder/i;

/**
 * Variables for the code of browsers that ENV sets in the shipped image after the build has run, which knew nothing of them.
 */
export function lateVariables(facts: Facts): readonly LateVariable[] {
  const { target, document } = facts;
  if (!target || !/(?:PUBLIC|VITE|REACT_APP|VUE_APP|GATSBY)_/.test(document.source.text)) return [];
  const builds = appBuilds(facts).filter(({ stage }) => stage !== null && stage.role !== 'unreachable');
  const [build] = builds;
  if (!build || mayReplace(facts, target)) return [];
  const prefix = isAstro(facts) ? PUBLIC_OR_ASTRO : PUBLIC;
  const found: LateVariable[] = [];
  for (const stage of lineage(target)) {
    for (const instruction of stage.stage.instructions) {
      if (instruction.keyword !== 'ENV' || builds.some((use) => isBefore(instruction.span.start, use, stage))) continue;
      for (const { key } of instruction.pairs) {
        if (!prefix.test(key.text) || builds.some((use) => isKnownTo(use, key.text, facts))) continue;
        if (isInEnvFile(key.text, facts)) continue;
        found.push({ name: key.text, span: key.span, build, serverPrefix: SERVER.exec(key.text)?.[0] ?? null });
      }
    }
  }
  return found;
}

/** Whether a build runs after the place, so that it has what is set there. */
function isBefore(at: number, { stage, instruction }: CommandUse, set: StageFacts): boolean {
  return stage !== null && lineage(stage).includes(set) && instruction.span.start > at;
}

function isAstro({ node, context }: Facts): boolean {
  const manifest = (node.start?.project ?? context?.node())?.manifest;
  return manifest?.dependencies.has('astro') === true || manifest?.devDependencies.has('astro') === true;
}

function isKnownTo({ command, script, instruction }: CommandUse, name: string, facts: Facts): boolean {
  const { env, args } = facts.stateAt(instruction);
  if (env.get(name) || args.get(name)) return true;
  return script?.source.text.includes(name) === true || command.assignments.some((one) => one.name === name);
}

/** A file of settings that is sent may well give the build a value, or a mark to be replaced. */
function isInEnvFile(name: string, { context }: Facts): boolean {
  if (!context) return false;
  return ['.env', '.env.production', '.env.local', '.env.production.local', '.env.docker'].some((path) =>
    context.read(path)?.text.includes(name),
  );
}

/** What starts may build again, serve for development, or put the values where the build left marks. */
function mayReplace({ document, node, context }: Facts, target: StageFacts): boolean {
  const { start } = node;
  // An image for such apps may have an entrypoint that does.
  if (!target.image.known) return true;
  if (document.instructions.some(({ span }) => REPLACED.test(document.source.text.slice(span.start, span.end))))
    return true;
  if (target.entrypoint && start?.use.instruction !== target.entrypoint) return true;
  if (
    lineage(target).some((stage) =>
      stage.copies.some(({ destination }) => /docker-entrypoint\.d|templates|\.sh$/.test(destination ?? '')),
    )
  )
    return true;
  if (start) {
    if (start.script && start.commands.length === 0) return true;
    if (
      start.commands.some(
        (one) =>
          devServerOf(one) ||
          buildsApp(one.words.map(({ value }) => value)) ||
          /\.sh$|^(?:ba|da)?sh$|^$/.test(one.name),
      )
    )
      return true;
  }
  const manifest = start?.project?.manifest ?? context?.node()?.manifest;
  return [...(manifest?.dependencies.keys() ?? []), ...(manifest?.devDependencies.keys() ?? [])].some((name) =>
    REPLACED.test(name),
  );
}
