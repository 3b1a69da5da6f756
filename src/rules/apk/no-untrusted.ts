import { installsOwnFiles } from '../../facts/downloads.js';
import { withoutFlag } from '../../facts/flag-removal.js';
import { defineRule, findFlag } from '../define-rule.js';

/** apk checks each package and index against the keys of /etc/apk/keys, unless it is told not to. */
export default defineRule({
  id: 'apk/no-untrusted',
  summary: 'Let apk check the signatures of packages',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    untrusted: () => ({
      message:
        '`--allow-untrusted` installs packages that no known key signed: whoever can replace the download decides what runs',
      help: 'put the key of the maker into /etc/apk/keys and leave the flag out, or compare the file with its checksum first',
    }),
  },
  check({ document, facts, report }) {
    for (const use of facts.commands('apk')) {
      const { command, script } = use;
      const flag = findFlag(command, '--allow-untrusted');
      if (!flag || !INSTALLS.has(command.subcommand ?? '') || installsOwnFiles(use, '.apk', facts)) continue;
      // A checksum says more than a signature does.
      const isChecked = script?.commands.some(
        ({ name, span }) => /^(?:sha\d+sum|b2sum)$/.test(name) && span.start < command.span.start,
      );
      if (isChecked && command.operands.every(({ value }) => value.endsWith('.apk'))) continue;
      const edit = withoutFlag(flag, use, document.source);
      report('untrusted', { at: flag.span, fix: edit && { title: 'Remove --allow-untrusted', edits: [edit] } });
    }
  },
});

const INSTALLS = new Set(['add', 'upgrade', 'fix']);
