import { hasFlag } from '../define-rule.js';
import { pinnedPackagesRule } from '../pinned-packages-rule.js';

/** With one of these the version is given, or all versions are in a file. */
const GIVEN = ['-v', '--version', '-g', '--file', '-l', '--local', '--explain', '--help'];

export default pinnedPackagesRule({
  id: 'ruby/pin-versions',
  alias: 'DL3028',
  presets: ['strict'],
  commands: ['gem'],
  unpinned({ command }) {
    if (command.subcommand !== 'install' || hasFlag(command, ...GIVEN)) return [];
    // A flag that is not known may take the next word, and what stands behind `--` is for the compiler.
    if (command.flags.some(({ unknown }) => unknown)) return [];
    const stop = command.words.find(({ value }) => value === '--')?.span.start ?? Number.POSITIVE_INFINITY;
    return command.operands.filter(
      ({ literal, value, span }) => literal && span.start < stop && /^[\w.-]+$/.test(value) && !value.endsWith('.gem'),
    );
  },
  hadolint: {
    commands: ['gem'],
    verbs: ['install', 'i'],
    takesValue: ['use-system-libraries'],
    isPinned: (text) => text.includes(':') || text === '--',
    exempt: /^(?:-v|--version(?:=.*)?)$/,
  },
  help: (name) => `write \`${name}:\` and the version that you test with, or list it in a Gemfile with its lockfile`,
});
