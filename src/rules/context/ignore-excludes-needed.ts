import { commandSpan } from '../../facts/command-words.js';
import { excludedInputs } from '../../facts/excluded-inputs.js';
import { reinclude } from '../../facts/ignore-edit.js';
import { certainContext } from '../../facts/sent-files.js';
import type { Command } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** COPY of a directory goes well, and then a command misses a file of it that the ignore file keeps out. */
export default defineRule({
  id: 'context/ignore-excludes-needed',
  summary: 'Let the ignore file send what the build itself needs',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    needed: (data: Data) => ({
      message: `\`${data.command}\` fails: it needs \`${data.path}\`, which ${data.file} keeps out of the build`,
      help: helpOf(data),
    }),
    started: (data: Data) => ({
      message: `the container cannot start: \`${data.command}\` needs \`${data.path}\`, which ${data.file} keeps out of the build`,
      help: helpOf(data),
    }),
    idle: (data: Data) => ({
      message: `\`${data.command}\` has nothing to do without \`${data.path}\`, which ${data.file} keeps out of the build`,
      help: helpOf(data),
    }),
  },
  check({ facts, report }) {
    const ignoreFile = certainContext(facts)?.ignoreFile;
    if (!ignoreFile) return;
    for (const { use, path, by, copy, optional } of excludedInputs(facts)) {
      const { command, instruction } = use;
      report(optional ? 'idle' : instruction.keyword === 'RUN' ? 'needed' : 'started', {
        at: commandSpan(command),
        data: { command: textOf(command), path, file: ignoreFile.source.path },
        severity: optional || ignoreFile.kind === 'containerignore' ? 'warning' : 'error',
        related: [
          { at: copy.instruction.keywordSpan, message: 'would bring it' },
          { at: { file: ignoreFile.source, span: by.span }, message: 'this pattern leaves it out' },
        ],
        fix: reinclude(ignoreFile, path, by),
      });
    }
  },
});

interface Data {
  readonly command: string;
  readonly path: string;
  readonly file: string;
}

function helpOf({ path, file }: Data): string {
  return `take that line out of ${file}, or add \`!${path}\` at its end`;
}

/** As a person would say it: `npm ci`, `pip install`, `node server.js`. */
function textOf({ name, subcommandWord, operands }: Command): string {
  const next = subcommandWord?.value === 'run' ? `run ${operands[0]?.value ?? ''}` : subcommandWord?.value;
  return [name, next ?? operands[0]?.value].filter(Boolean).join(' ').slice(0, 60);
}
