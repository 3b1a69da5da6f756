import { flagNamed } from '../../facts/flags.js';
import { defineRule } from '../define-rule.js';

/** Every stage is built for the target platform unless it is told otherwise. */
export default defineRule({
  id: 'base/no-redundant-platform',
  summary: 'Leave out --platform=$TARGETPLATFORM',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3065', 'RedundantTargetPlatform'],
  like: { hadolint: { severity: 'warning' }, buildkit: { severity: 'warning' } },
  fix: 'safe',
  messages: {
    redundant: () => ({
      message: 'this is what FROM does without it: a stage is built for the target platform',
      help: 'leave --platform out',
    }),
  },
  check({ document, facts, report }) {
    for (const from of facts.instructions('FROM')) {
      const flag = flagNamed(from, 'platform');
      if (!flag?.value || !/^(["']?)\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})\1$/.test(flag.value.text)) continue;
      if (flag.value.text.startsWith("'")) continue;
      // With a default of its own it may be another platform.
      const isSet = document.preamble.some(
        (one) => one.keyword === 'ARG' && one.pairs.some(({ key, value }) => key.text === 'TARGETPLATFORM' && value),
      );
      if (isSet) continue;
      const gap = /^[ \t]+/.exec(document.source.text.slice(flag.span.end, flag.span.end + 100))?.[0].length ?? 0;
      report('redundant', {
        at: flag.span,
        fix: {
          title: 'Remove --platform',
          edits: [{ span: { start: flag.span.start, end: flag.span.end + gap }, text: '' }],
        },
      });
    }
  },
});
