import { type HostModules, hostModules } from '../../facts/host-modules.js';
import { createIgnoreFile } from '../../facts/ignore-edit.js';
import { installSpan, installText } from '../../facts/install-inputs.js';
import { listed } from '../../facts/listed.js';
import { type LocalState, localState } from '../../facts/local-state.js';
import { certainContext, neededCopies, sendingOf } from '../../facts/sent-files.js';
import { defineRule } from '../define-rule.js';

/** Without an ignore file, a COPY of the whole context brings whatever lies there: history, host packages, logs. */
export default defineRule({
  id: 'context/ignore-missing',
  summary: 'Keep an ignore file where the whole context is copied',
  category: 'size',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'safe',
  messages: {
    over: ({ path, command, all }: Data & { readonly path: string; readonly command: string }) => ({
      message: `without a .dockerignore, \`${path}\` of this machine replaces what ${command} put there: binaries for another system fail`,
      help: `create .dockerignore with ${all}`,
    }),
    present: ({ things, all }: Data) => ({
      message: `without a .dockerignore this also copies ${things}: builds get slower, and each change there invalidates the cache`,
      help: `create .dockerignore with ${all}`,
    }),
    coming: ({ things, all, by }: Data) => ({
      message: `without a .dockerignore this also copies ${things} once \`${by}\` has run here, though the build makes its own`,
      help: `create .dockerignore with ${all}`,
    }),
  },
  check({ facts, report }) {
    const context = certainContext(facts);
    if (!context || context.ignoreFile) return;
    for (const copy of neededCopies(facts)) {
      const source = copy.sources.find(({ path, remote }) => path !== null && !remote && /^[./*]+$/.test(path));
      if (!copy.broad || !source) continue;
      const states = localState(facts).filter(({ pattern }) => sendingOf(facts, copy, `${pattern}/any-file`));
      const present = states.filter((state) => state.present);
      const [first] = present.length > 0 ? present : states;
      if (!first) continue;
      const patterns = states.map((state) => state.pattern);
      const data = { things: namesOf(present.length > 0 ? present : states), all: namesOf(states), by: first.by };
      const at = source.word.span;
      const fix = { title: 'Create .dockerignore', edits: [createIgnoreFile(context, patterns)] };
      const lost = present.length > 0 ? hostModules(facts).find((one) => one.copy === copy && isOver(one)) : undefined;
      if (lost?.over) {
        const command = 'use' in lost.over ? `\`${installText(lost.over)}\`` : 'an earlier COPY';
        const place = 'use' in lost.over ? installSpan(lost.over) : lost.over.instruction.keywordSpan;
        report('over', {
          at,
          data: { ...data, path: lost.path, command },
          related: [{ at: place, message: "puts the image's own packages there" }],
          severity: lost.maybeCommitted ? 'warning' : 'error',
          fix,
        });
      } else report(present.length > 0 ? 'present' : 'coming', { at, data, fix });
      // The same context copied by another stage needs no second word.
      return;
    }
  },
});

/** It is there, and goes over what the image has installed by itself. */
function isOver({ present, over, installed }: HostModules): boolean {
  return present && over !== null && installed;
}

interface Data {
  readonly things: string;
  readonly all: string;
  readonly by: string | null;
}

function namesOf(states: readonly LocalState[]): string {
  return listed(
    states.map(({ pattern }) => pattern),
    4,
  );
}
