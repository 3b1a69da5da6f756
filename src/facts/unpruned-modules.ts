import { baseName, isWithin, joinPath } from '../context/paths.js';
import { isPartial } from './copies.js';
import { memoise } from './lazy.js';
import { lineage } from './node.js';
import type { CopyFacts, Facts, NodeInstall, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';

/**
 * A COPY that brings the node_modules of another stage into the shipped image, just as an install has left it: nothing in
 * between may have taken packages out. Where that does not matter, `copiedModules` knows more of them.
 */
export interface UnprunedModules {
  readonly copy: CopyFacts;
  /** The source that does. */
  readonly source: CopyFacts['sources'][number];
  /** The install that filled it last. */
  readonly install: NodeInstall;
}

/** Of the shipped stages, each COPY of a node_modules that is as an install of an earlier stage has left it. */
export function unprunedModules(facts: Facts): readonly UnprunedModules[] {
  const installs = facts.node.installs.length;
  if (!facts.target || installs === 0 || installs > MOST_INSTALLS) return [];
  return lineage(facts.target).flatMap(({ copies }) =>
    copies.slice(0, MOST_COPIES).flatMap((copy) => modulesOf(copy, facts).slice(0, 1)),
  );
}

function modulesOf(copy: CopyFacts, facts: Facts): readonly UnprunedModules[] {
  const { fromStage, stage } = copy;
  if (!fromStage || fromStage.index >= stage.index) return [];
  if (isPartial(copy)) return [];
  return copy.sources.flatMap((source) => {
    const path = source.path === null || /[*?[]/.test(source.path) ? null : resolveInImage('/', source.path);
    const install = path === null ? null : installIn(path, fromStage, facts);
    return install ? [{ copy, source, install }] : [];
  });
}

/** What fills a node_modules of a stage: an install, or a COPY of what one has filled elsewhere. */
interface Filling {
  readonly path: string;
  readonly install: NodeInstall;
  /** Of the instruction in this stage. */
  readonly offset: number;
}

/** The install whose node_modules a path of a finished stage is, or holds; null where something may have changed it. */
function installIn(path: string, stage: StageFacts, facts: Facts): NodeInstall | null {
  const isModules = baseName(path) === 'node_modules';
  const found = fillings(facts)(stage).filter((one) =>
    isModules ? one.path === path : path !== '/' && isWithin(path, one.path),
  );
  const last = found.at(-1);
  if (!last || isChangedAfter(last, stage)) return null;
  const isOne = found.every(
    ({ path: other, install }) => other === last.path && install.omitsDev === last.install.omitsDev,
  );
  return isOne ? last.install : null;
}

/** No person writes more; in a file of more stages, what goes from one to the next is not followed. */
const MOST_STAGES = 50;
const MOST_INSTALLS = 100;
const MOST_COPIES = 100;

const fillings = memoise((facts: Facts) =>
  memoise((stage: StageFacts): readonly Filling[] => {
    const stages = lineage(stage);
    const installed = facts.node.installs.flatMap((install) => {
      if (!stages.includes(install.stage) || install.directory === null) return [];
      return { path: joinPath(install.directory, 'node_modules'), install, offset: install.instruction.span.start };
    });
    if (facts.stages.length > MOST_STAGES) return installed;
    const copied = stages.flatMap(({ copies }) =>
      copies.slice(0, MOST_COPIES).flatMap((copy) => {
        const { destination, instruction } = copy;
        if (destination === null || !copy.fromStage) return [];
        return modulesOf(copy, facts).flatMap(({ source, install }) => {
          if (baseName(source.path ?? '') !== 'node_modules') return [];
          return { path: destination, install, offset: instruction.span.start };
        });
      }),
    );
    return [...installed, ...copied].sort((a, b) => a.offset - b.offset);
  }),
);

/** What may take packages out of node_modules, or put others there; scripts may do anything. */
const CHANGES =
  /\bprune\b|\bdeploy\b|\bfocus\b|--prod|--production|--omit|--only|\bnode_modules\b|modclean|NODE_ENV=prod|\.sh\b|\bncc\b|\brm\s+-\w*r|\bmake\b|\bnpm run\b.*(?:clean|prod)/;

function isChangedAfter({ install, offset }: Filling, stage: StageFacts): boolean {
  const scripts = [...(install.project?.manifest.scripts.values() ?? [])];
  if (scripts.some(({ value }) => /\bprune\b|--omit|--production\b/.test(value))) return true;
  const stages = lineage(stage);
  const bringsModules = stages.some(({ copies }) =>
    copies.some(
      ({ instruction: { span }, sources }) =>
        span.start > offset && sources.some((one) => one.path?.includes('node_modules') !== false),
    ),
  );
  const runs = stage.history.filter((one) => one.keyword === 'RUN' && one.span.start >= offset);
  return bringsModules || runs.some((run) => CHANGES.test(run.argumentsText));
}
