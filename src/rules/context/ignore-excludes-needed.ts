import { baseName } from '../../context/paths.js';
import { commandSpan } from '../../facts/command-words.js';
import { excludedInputs } from '../../facts/excluded-inputs.js';
import { reinclude } from '../../facts/ignore-edit.js';
import { certainContext } from '../../facts/sent-files.js';
import type { Command, ShellWord } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** COPY of a directory goes well, and then a command misses a file of it that the ignore file keeps out. */
export default defineRule({
  id: 'context/ignore-excludes-needed',
  summary: 'Let the ignore file send what the build itself needs',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  supersedes: ['node/entry-exists'],
  fix: 'suggestion',
  messages: {
    needed: (data: Data) => ({
      message: `\`${data.command}\` fails: it needs \`${data.path}\`, which ${data.file} keeps out of the build`,
      help: helpOf(data),
    }),
    started: (data: Data) => ({
      message: `the container ends as soon as it starts: \`${data.command}\` needs \`${data.path}\`, which ${data.file} keeps out of the build`,
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
        at: instruction.keyword === 'RUN' ? commandSpan(command) : startedSpan(command, path),
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

/** As a person would say it: `npm ci`, `pip install`, `node server.js`, `tsc -p tsconfig.build.json`. */
function textOf({ name, nameWord, subcommandWord, operands, words }: Command): string {
  const first = nameWord && /\.\w+$/.test(name) ? nameWord.value : name;
  const [operand] = operands;
  const next =
    subcommandWord?.value === 'run'
      ? `run ${operand?.value ?? ''}`
      : (subcommandWord?.value ?? textUpTo(operand, words));
  return [first, next].filter(Boolean).join(' ').slice(0, 60);
}

function textUpTo(operand: ShellWord | undefined, words: readonly ShellWord[]): string | undefined {
  return (
    operand &&
    words
      .slice(1, words.indexOf(operand) + 1)
      .map(({ value }) => value)
      .join(' ')
  );
}

/** The word that names the file: other rules on what the image starts speak of that one too. */
function startedSpan(command: Command, path: string) {
  return command.words.find(({ value }) => baseName(value) === baseName(path))?.span ?? commandSpan(command);
}
