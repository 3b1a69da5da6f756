import { nearestName } from '../../context/closest.js';
import { joinPath } from '../../context/paths.js';
import type { NodeProject } from '../../context/types.js';
import { nodeMajor } from '../../facts/node-version.js';
import { type ScriptCall, scriptPlace, scriptSteps } from '../../facts/package-scripts.js';
import { presenceBefore } from '../../facts/presence.js';
import { type ScriptRun, scriptRuns } from '../../facts/script-runs.js';
import type { Facts } from '../../facts/types.js';
import { yarnOfProject } from '../../facts/yarn.js';
import { defineRule, type FixInput, replace } from '../define-rule.js';

/** A package manager that is asked for a script which package.json does not have does nothing and fails. */
export default defineRule({
  id: 'node/script-exists',
  summary: 'Run a script that package.json has',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    missing: ({ text, path, stops, advice }: { text: string; path: string; stops: string; advice: string }) => ({
      message: `\`${text}\` ${stops}: ${path} has no such script`,
      help: advice,
    }),
  },
  check({ facts, report }) {
    const told = new Set<string>();
    for (const run of scriptRuns(facts)) {
      const { call, project, use, when } = run;
      const { path } = project.manifest.source;
      const stops = when === 'build' ? 'stops the build' : 'ends the container as soon as it starts';
      if (isMissing(call, run, facts)) {
        const near = nearestName(call.name, [...project.manifest.scripts.keys()]);
        const data = { text: textOf(call), path, stops, advice: adviceOf(call, near, project) };
        report('missing', { at: call.word.span, data, fix: fixOf(run, near, use.script === null) });
        continue;
      }
      for (const step of scriptSteps(project, call)) {
        const inner = step.call;
        if (!inner || !step.certain || !isMissing(inner, run, facts)) continue;
        const at = scriptPlace(project, step.script, inner.word.span);
        const key = `${at.file.path}:${at.span.start}`;
        if (told.has(key)) continue;
        told.add(key);
        const near = nearestName(inner.name, [...project.manifest.scripts.keys()]);
        const data = { text: textOf(inner), path, stops, advice: adviceOf(inner, near, project) };
        report('missing', { at, data, related: [{ at: call.word.span, message: `runs it by \`${textOf(call)}\`` }] });
      }
    }
  },
});

function textOf({ manager, name, direct }: ScriptCall): string {
  return direct || name === 'start' || name === 'test' ? `${manager} ${name}` : `${manager} run ${name}`;
}

const MOST_SHOWN = 5;

function adviceOf(call: ScriptCall, near: string | null, { manifest: { scripts } }: NodeProject): string {
  if (near !== null) return `write \`${textOf({ ...call, name: near })}\``;
  const names = [...scripts.keys()].filter((name) => name.length < 25).slice(0, MOST_SHOWN);
  const known = names.length === 0 ? 'it has none at all' : `it has ${names.join(', ')}`;
  return `add the script \`${call.name}\` to package.json, or name another: ${known}`;
}

function fixOf({ call }: ScriptRun, near: string | null, quoted: boolean): FixInput | null {
  if (near === null || call.word.text !== (quoted ? call.word.value : call.name)) return null;
  // `npm start` and `npm test` are subcommands; another script needs `run` before it.
  if (!call.direct && (call.name === 'start' || call.name === 'test' || call.name === 'stop')) return null;
  return { title: `Run ${near}`, edits: [replace(call.word, quoted ? JSON.stringify(near) : near)] };
}

/** True where the script is not there, and the manager has nothing else to run in its place. */
function isMissing(call: ScriptCall, run: ScriptRun, facts: Facts): boolean {
  const { manager, name, direct } = call;
  const { project, use } = run;
  if (project.manifest.scripts.has(name) || !/^[\w:.-]+$/.test(name)) return false;
  const serves = name === 'start' && (manager === 'npm' || manager === 'pnpm');
  if (serves && !isAbsent(run, 'server.js', facts)) return false;
  const image = use.stage?.image;
  switch (manager) {
    case 'npm':
      // npm 6 takes a missing test for none to run; `env` is npm's own.
      if (name === 'env' || (name === 'test' && (image?.family !== 'node' || (nodeMajor(image) ?? 99) < 15)))
        return false;
      return true;
    case 'pnpm':
      return !direct || isOnlyScript(name, project);
    case 'yarn':
      // A plugin of yarn may bring subcommands.
      if (/^plugins:/m.test(facts.context?.read(project.yarnrc?.path ?? '.yarnrc.yml')?.text ?? '')) return false;
      return isOnlyScript(name, project) && (!name.includes(':') || yarnOfProject(project, facts) === 'classic');
    case 'bun':
      return !(direct && BUN_WORDS.test(name)) && isOnlyScript(name, project) && !isFile(name, project, facts);
  }
}

function isAbsent({ use, directory }: ScriptRun, name: string, facts: Facts): boolean {
  return (
    use.stage !== null &&
    presenceBefore(use.instruction, use.stage, joinPath(directory, name), facts).status === 'absent'
  );
}

/** Names that people give to scripts, and that no package gives to its program. */
const SCRIPT_NAME = /^(?:build|start|dev|prod|production|compile|bundle|predeploy|postbuild|prebuild)$|:/;
const BUN_WORDS = /^(?:build|test|init|info|update|link|publish|create|upgrade|audit|why|patch|exec|repl|x)$/;

/**
 * yarn, bun, and pnpm without `run` look for a program where there is no script: of the packages that are installed, and
 * some of them of the system.
 */
function isOnlyScript(name: string, { manifest, pnpmWorkspace }: NodeProject): boolean {
  if (!SCRIPT_NAME.test(name) || manifest.workspaces.length > 0 || pnpmWorkspace !== null) return false;
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  return ![dependencies, devDependencies, optionalDependencies].some((table) =>
    [...table.keys()].some((key) => key === name || key.endsWith(`/${name}`)),
  );
}

/** `bun run build` runs build.ts where there is no such script. */
function isFile(name: string, { directory }: NodeProject, { context }: Facts): boolean {
  const endings = ['', '.js', '.ts', '.mjs', '.cjs', '.mts', '.jsx', '.tsx', '.sh'];
  return endings.some((ending) => context?.kindOf(joinPath(directory, `${name}${ending}`)) != null);
}
