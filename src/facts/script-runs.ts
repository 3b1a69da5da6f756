import type { NodeProject } from '../context/types.js';
import { stopsInstruction } from './failure.js';
import { memoise } from './lazy.js';
import { certainProject } from './manifest-at.js';
import { MANAGERS } from './node-start.js';
import { type ScriptCall, scriptCall } from './package-scripts.js';
import type { CommandUse, Facts } from './types.js';
import { directoryOf } from './working-directory.js';

/** A command of the build, or of the container's start, that is certain to run a script of a package.json that is known. */
export interface ScriptRun {
  readonly use: CommandUse;
  readonly call: ScriptCall;
  readonly project: NodeProject;
  /** Where it runs, in the image. */
  readonly directory: string;
  /** `build`: the build stops where it fails. `start`: the container does. */
  readonly when: 'build' | 'start';
}

/** Every {@link ScriptRun} of a RUN that the target needs, and of CMD or ENTRYPOINT, in order of the file. */
export const scriptRuns = memoise<Facts, readonly ScriptRun[]>((facts) => {
  if (!facts.context) return [];
  const runs: ScriptRun[] = [];
  for (const use of facts.commands(...MANAGERS)) {
    if (use.instruction.keyword !== 'RUN' || use.stage?.role === 'unreachable') continue;
    const run = readRun(use, 'build', facts);
    if (run) runs.push(run);
  }
  const start = plainStart(facts);
  const run = start && readRun(start, 'start', facts);
  if (run) runs.push(run);
  return runs;
});

function readRun(use: CommandUse, when: ScriptRun['when'], facts: Facts): ScriptRun | null {
  const call = scriptCall(use.command);
  if (!call || !stopsInstruction(use, facts)) return null;
  const directory = when === 'build' ? directoryOf(use, facts) : startDirectory(use, facts);
  const project = directory === null ? null : certainProject(use, facts, directory);
  return directory === null || !project ? null : { use, call, project, directory, when };
}

/** Where the command of the target runs; null where that is not known. */
export function startDirectory(use: CommandUse, facts: Facts): string | null {
  const { target } = facts;
  if (!target) return null;
  return directoryOf(use, facts, target.final.workdir ? target.final.workdir.value : target.image.workdir);
}

/** Programs that run what they are given and do nothing else to it. */
const INITS = /(?:^|\/)(?:tini|dumb-init|docker-entrypoint\.sh)$/;

/**
 * What the container runs where nothing comes between it and the image's configuration: no entrypoint script that could go
 * to another directory, or make what is missing first.
 */
export function plainStart(facts: Facts): CommandUse | null {
  const { target } = facts;
  const use = facts.node.start?.use;
  if (!target || !use || use.stage !== target) return null;
  const { entrypoint, image } = target;
  if (entrypoint) {
    const [first] = entrypoint.command.form === 'exec' ? entrypoint.command.strings : [];
    const isOwn = use.instruction === entrypoint;
    return isOwn || INITS.test(first?.value ?? '') ? use : null;
  }
  return image.family === 'node' || image.family === 'bun' || image.entrypoint?.length === 0 ? use : null;
}
