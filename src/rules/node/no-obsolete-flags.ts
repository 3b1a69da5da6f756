import { leastNpmMajor } from '../../facts/npm-version.js';
import type { Command, CommandFlag } from '../../shell/types.js';
import { defineRule, type FixInput, replace } from '../define-rule.js';

/** Flags of npm 6 and before: npm warns of them at each build, and ignores some. */
export default defineRule({
  id: 'node/no-obsolete-flags',
  summary: 'Use the flags of npm that have not been replaced',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'safe',
  messages: {
    renamed: ({ flag, instead }: { flag: string; instead: string }) => ({
      message: `\`${flag}\` still works, but npm warns of it at each build: it is deprecated`,
      help: `write \`${instead}\``,
    }),
    ignored: ({ flag, npm }: { flag: string; npm: number }) => ({
      message: `\`${flag}\` does nothing: the npm of this image (${npm} or later) has no such option any more`,
      help: 'leave it out',
    }),
    progress: () => ({
      message: 'this changes nothing: npm shows no progress bar where its output is no terminal, as in a build',
      help: 'leave it out',
    }),
  },
  check({ facts, report }) {
    for (const use of facts.commands('npm')) {
      const { command } = use;
      const isProgress = PROGRESS.test(command.operands.map(({ value }) => value).join(' '));
      const isSet = isProgress && (command.subcommand === 'set' || command.subcommand === 'config set');
      const flags = INSTALLS.has(command.subcommand ?? '') ? command.flags.filter(({ name }) => FLAGS.test(name)) : [];
      if (flags.length === 0 && !isSet) continue;
      const npm = leastNpmMajor(use, facts) ?? 0;
      if (npm < 8) continue;
      const [progress] = command.operands;
      if (isSet && progress) report('progress', { at: progress.span });
      for (const flag of flags) {
        if (flag.name === '--unsafe-perm') {
          if (npm < 9 || flag.value === 'false') continue;
          report('ignored', { at: flag.span, data: { flag: flag.word.text, npm }, fix: removal(flag, command) });
          continue;
        }
        const instead = successor(flag);
        // Two flags for the same thing: what npm makes of them together is left as it is.
        const isAlone = !command.flags.some((one) => one !== flag && /^--(?:omit|include)$/.test(one.name));
        if (!instead) continue;
        const fix: FixInput | null =
          isAlone && flags.filter((one) => successor(one) === instead).length === 1
            ? { title: `Use ${instead}`, edits: [replace(flag, instead)] }
            : null;
        const text = flag.name === '--only' || flag.name === '--also' ? `${flag.name}=${flag.value}` : flag.name;
        report('renamed', { at: flag.span, data: { flag: text, instead }, fix });
      }
    }
  },
});

const PROGRESS = /^progress[= ]false$/;
const INSTALLS: ReadonlySet<string> = new Set([
  'install',
  'ci',
  'prune',
  'update',
  'uninstall',
  'rebuild',
  'audit',
  'dedupe',
]);
const FLAGS = /^--(?:unsafe-perm|only|also|production|no-optional)$/;

/** What the flag is called now; null where its value makes it something else. */
function successor({ name, value, literal }: CommandFlag): string | null {
  if (!literal) return null;
  if (name === '--only') return /^prod(?:uction)?$/.test(value ?? '') ? '--omit=dev' : null;
  if (name === '--also') return /^dev(?:elopment)?$/.test(value ?? '') ? '--include=dev' : null;
  if (name === '--production') return value === null || value === 'true' ? '--omit=dev' : null;
  return name === '--no-optional' && value === null ? '--omit=optional' : null;
}

/** The flag with the blank before it, where a blank and nothing else is there. */
function removal({ span, word, name }: CommandFlag, { words }: Command): FixInput | null {
  const before = words[words.indexOf(word) - 1];
  if (!before || before.span.end + 1 !== span.start) return null;
  return { title: `Leave out ${name}`, edits: [{ span: { start: before.span.end, end: span.end }, text: '' }] };
}
