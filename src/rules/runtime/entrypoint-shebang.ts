import { stopsInstruction } from '../../facts/failure.js';
import { mayHaveChanged, startedScripts } from '../../facts/started-scripts.js';
import { toolAt } from '../../facts/tools-inside.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly script: string;
  readonly path: string;
}

/** The kernel learns from the first line of a script what reads it. */
export default defineRule({
  id: 'runtime/entrypoint-shebang',
  summary: 'Begin scripts with a `#!` line that names a program of the image',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    missing: ({ script, path }: Data) => ({
      message: `${path} has no \`#!\` line, and no shell runs it here: \`${script}\` does not start (exec format error)`,
      help: 'make `#!/bin/sh` its first line',
    }),
    late: ({ script, path }: Data) => ({
      message: `\`#!\` must be the first two bytes of ${path}: \`${script}\` does not start (exec format error)`,
      help: 'remove what stands before `#!`: an empty line, a comment, or a byte order mark',
    }),
    bash: ({ script, path, image }: Data & { readonly image: string }) => ({
      message: `${path} asks for bash, which \`${image}\` does not have: \`${script}\` does not start (no such file or directory)`,
      help: 'write `#!/bin/sh` where the script needs no bash, or install it: `apk add --no-cache bash`',
    }),
  },
  check({ facts, report }) {
    const seen = new Set<string>();
    for (const { use, word, by, file } of startedScripts(facts)) {
      const { path } = file;
      if (by === 'read' || seen.has(path) || !stopsInstruction(use, facts)) continue;
      const source = facts.context?.read(path);
      if (!source || !isScript(source.text)) continue;
      const line = source.hasBom ? undefined : /^#![^\r\n]*/.exec(source.text)?.[0];
      const asksBash =
        line !== undefined && /^#![ \t]*(?:\S*\/env[ \t]+(?:-S[ \t]+)?)?(?:\S*\/)?bash(?:[ \t]|$)/.test(line);
      if (line !== undefined ? !asksBash || !hasNoBash(use, facts) : by !== 'kernel') continue;
      if (mayHaveChanged(file, facts, ({ name }) => name === 'chmod')) continue;
      seen.add(path);
      const data = { script: word.value, path };
      const first = source.text.search(/\S/);
      const end = source.text.indexOf('\n', first);
      const place = { file: source, span: { start: first, end: end < 0 ? source.text.length : end } };
      if (line !== undefined) {
        const related = [{ at: place, message: 'asks for bash' }];
        report('bash', { at: word.span, data: { ...data, image: use.stage?.image.text ?? '' }, related });
        continue;
      }
      const isLate = /^\s*#!|^(?:[ \t]*(?:#.*)?\r?\n)+#!/.test(source.text);
      const isItself = source.text.startsWith('#!', first);
      const message = !isLate
        ? `the first line of ${path}`
        : source.hasBom
          ? 'has a byte order mark before it'
          : isItself
            ? 'does not begin the file'
            : 'stands before `#!`';
      report(isLate ? 'late' : 'missing', { at: word.span, data, related: [{ at: place, message }] });
    }
  },
});

/** Not for what stands for another file: a pointer of Git LFS, the target of a link, an empty file. */
function isScript(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0 || text.startsWith('version https://git-lfs')) return false;
  return lines.length > 1 || /^#!|\s/.test((lines[0] ?? '').trim());
}

/** True on Alpine where nothing has brought bash. */
function hasNoBash({ stage, instruction, script, command }: CommandUse, facts: Facts): boolean {
  if (stage?.image.packageManager !== 'apk') return false;
  return toolAt('bash', instruction, facts, script ? command : null) === 'absent';
}
