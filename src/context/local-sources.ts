import type { Document, Instruction, Word } from '../dockerfile/ast.js';
import { hasWildcard } from './glob.js';
import { clampToRoot } from './paths.js';

/** A path of the build context that a Dockerfile names. */
export interface LocalSource {
  /** Clean, relative to the context, wildcards kept; never `.`. */
  readonly path: string;
  readonly glob: boolean;
}

export interface LocalSources {
  /** Those that tell one directory from another, each path once. */
  readonly named: readonly LocalSource[];
  /** True where the context itself is copied (`COPY . .`). */
  readonly whole: boolean;
}

/**
 * The literal sources of COPY and ADD, and of `RUN --mount=type=bind`, that come from the build context. Left out:
 * variables, URLs and git references, heredocs, `--from`, and triggers of ONBUILD, whose context is another build's.
 */
export function localSources(document: Document): LocalSources {
  const named = new Map<string, LocalSource>();
  let whole = false;
  for (const text of document.instructions.flatMap(sourcesOf)) {
    const path = clampToRoot(text);
    if (path === '.' || path === '*') whole = true;
    else named.set(path, { path, glob: hasWildcard(path) });
  }
  return { named: [...named.values()], whole };
}

function sourcesOf(instruction: Instruction): string[] {
  if (instruction.keyword === 'RUN') {
    return instruction.mounts.flatMap(({ type, options }) => {
      const source = options.get('source');
      return type === 'bind' && !options.has('from') && source !== undefined && isLocal(source) ? [source] : [];
    });
  }
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return [];
  if (instruction.flags.some((flag) => flag.name === 'from')) return [];
  return instruction.sources.flatMap((word) => literalOf(word, instruction.exec) ?? []).filter(isLocal);
}

/** The word without its quotes; null where it has a variable or an escape, which only expansion can read. */
function literalOf(word: Word, exec: boolean): string | null {
  const text = exec ? word.text : word.text.replace(/^(["'])(.*)\1$/s, '$2');
  return text === '' || /[$\\]/.test(text) || (!exec && /["']/.test(text)) ? null : text;
}

const REMOTE = /^[a-z][a-z0-9+.-]*:\/\/|^git@|^[\w.-]+@[\w.-]+:/i;

function isLocal(text: string): boolean {
  return !text.includes('$') && !REMOTE.test(text) && !text.startsWith('<<');
}
