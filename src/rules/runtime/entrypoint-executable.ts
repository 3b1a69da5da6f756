import { stopsInstruction } from '../../facts/failure.js';
import { hasMode, mayHaveChanged, startedScripts } from '../../facts/started-scripts.js';
import type { Facts } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly script: string;
  readonly path: string;
}

/** COPY keeps the mode of a file, and nothing can start one without the execute bit, root neither. */
export default defineRule({
  id: 'runtime/entrypoint-executable',
  summary: 'Make scripts executable that are started by their name',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    start: ({ script, path }: Data) => ({
      message: `${path} has no execute bit, and COPY keeps that: the container cannot start \`${script}\` (permission denied)`,
      help: adviceFor(path),
    }),
    health: ({ script, path }: Data) => ({
      message: `${path} has no execute bit, and COPY keeps that: each check fails to start \`${script}\` (permission denied)`,
      help: adviceFor(path),
    }),
    build: ({ script, path }: Data) => ({
      message: `${path} has no execute bit, and COPY keeps that: the build stops at \`${script}\` (permission denied)`,
      help: adviceFor(path),
    }),
  },
  check({ facts, report }) {
    const seen = new Set<string>();
    for (const { use, word, by, file } of startedScripts(facts)) {
      const { keyword } = use.instruction;
      const { path, copy } = file;
      if (by === 'read' || seen.has(path) || hasMode(copy) || !stopsInstruction(use, facts)) continue;
      // The entrypoint of node's image takes a file without the bit for a program of its own.
      const isNodes = by === 'shell' && keyword === 'CMD' && use.command.nesting.length === 0 && !use.script;
      if (isNodes && !/\.(?:ba|da)?sh$/.test(path)) continue;
      const stat = facts.context?.stat(path);
      if (stat?.kind !== 'file' || stat.executable || mayHaveChanged(file, facts, () => false)) continue;
      seen.add(path);
      const isFile = copy.matches.length === 1 && copy.matches[0]?.matches[0]?.kind === 'file';
      report(keyword === 'RUN' ? 'build' : keyword === 'HEALTHCHECK' ? 'health' : 'start', {
        at: word.span,
        data: { script: word.value, path },
        related: [{ at: copy.instruction.keywordSpan, message: `copies ${path} as it is` }],
        severity: keepsModes(facts) ? 'error' : 'warning',
        fix: isFile
          ? {
              title: `Copy ${path} with the mode 755`,
              edits: [
                {
                  span: { start: copy.instruction.keywordSpan.end, end: copy.instruction.keywordSpan.end },
                  text: ' --chmod=755',
                },
              ],
            }
          : null,
      });
    }
  },
});

function adviceFor(path: string): string {
  return `run \`chmod +x ${path}\` (on Windows \`git update-index --chmod=+x\`) and commit that, or COPY it with \`--chmod=755\``;
}

/** More files than this are not looked at. */
const MOST_FILES = 2000;

/**
 * Whether the disk is seen to keep modes: archives, and disks of other systems, may have lost all of them on the way here,
 * and then the files that the image is built from elsewhere are no like these.
 */
function keepsModes({ context }: Facts): boolean {
  if (!context) return false;
  if (context.stat('.git/hooks/pre-commit.sample')?.executable) return true;
  for (const { path } of context.walk('.', MOST_FILES, (one) => !/(?:^|\/)node_modules$/.test(one))) {
    if (context.stat(path)?.executable) return true;
  }
  return false;
}
