import { baseName, isWithin, joinPath } from '../context/paths.js';
import { lineage } from './node.js';
import type { CopyFacts, Facts, NodeInstall, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';

/** A COPY that brings the node_modules of another stage into the shipped image. */
export interface CopiedModules {
  readonly copy: CopyFacts;
  /** The source that does. */
  readonly source: CopyFacts['sources'][number];
  /** The install that filled it last. */
  readonly install: NodeInstall;
}

/** What may take packages out of node_modules, or put others there; scripts may do anything. */
const CHANGES =
  /\bprune\b|\bdeploy\b|\bfocus\b|--prod|--production|--omit|--only|\bnode_modules\b|modclean|NODE_ENV=prod|\.sh\b|\bncc\b|\brm\s+-\w*r|\bmake\b|\bnpm run\b.*(?:clean|prod)/;

/** Of the shipped stages, each COPY of a node_modules that is as the install of its stage has left it. */
export function copiedModules(facts: Facts): readonly CopiedModules[] {
  if (!facts.target || facts.node.installs.length === 0) return [];
  const copies = lineage(facts.target).flatMap((stage) => stage.copies);
  return copies.flatMap((copy) => {
    const { fromStage } = copy;
    if (!fromStage || copy.instruction.flags.some(({ name }) => name === 'exclude')) return [];
    const found = copy.sources.flatMap((source) => {
      const path = source.path === null ? null : resolveInImage('/', source.path);
      const install = path === null ? null : lastInstall(fromStage, path, facts);
      return install && !isChangedAfter(install, fromStage) ? [{ copy, source, install }] : [];
    });
    return found.slice(0, 1);
  });
}

/** The last install whose node_modules a path of the stage is, or holds. */
function lastInstall(stage: StageFacts, path: string, facts: Facts): NodeInstall | null {
  const stages = lineage(stage);
  const installs = facts.node.installs.filter((one) => stages.includes(one.stage));
  const last = installs.at(-1);
  if (!last || last.directory === null || /[*?[]/.test(path)) return null;
  // Several installs in one directory each have their say.
  if (installs.some((one) => one !== last && one.directory === last.directory && one.omitsDev !== last.omitsDev))
    return null;
  const modules = joinPath(last.directory, 'node_modules');
  if (baseName(path) === 'node_modules') return path === modules ? last : null;
  return path !== '/' && isWithin(path, modules) ? last : null;
}

function isChangedAfter({ instruction, project }: NodeInstall, stage: StageFacts): boolean {
  const runs = stage.history.filter((one) => one.keyword === 'RUN' && one.span.start >= instruction.span.start);
  const scripts = [...(project?.manifest.scripts.values() ?? [])].map(({ value }) => value);
  if (scripts.some((text) => /\bprune\b|--omit|--production\b/.test(text))) return true;
  const bringsModules = stage.copies.some(
    ({ instruction: { span }, sources }) =>
      span.start > instruction.span.start && sources.some(({ path }) => path?.includes('node_modules') !== false),
  );
  return bringsModules || runs.some((run) => CHANGES.test(run.argumentsText));
}
