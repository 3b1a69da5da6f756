import type { Instruction } from '../../dockerfile/ast.js';
import { firstOfEach, hadolintCallsOf } from '../../facts/hadolint.js';
import { isRoot, privilegeAt } from '../../facts/privileges.js';
import type { Span } from '../../model/span.js';
import type { Wrapper } from '../../shell/types.js';
import { defineRule, type FixInput, semantics } from '../define-rule.js';

/** Without these sudo does what the command alone does, for root. */
const NEUTRAL = new Set(['-E', '--preserve-env', '-n', '--non-interactive', '-H', '--set-home', '-S', '--stdin', '-k']);

/** A RUN is root unless USER says otherwise; where it is not, sudo means that the container's user may become root. */
export default defineRule({
  id: 'shell/no-sudo',
  summary: 'Switch users with USER instead of sudo',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3004'],
  like: { hadolint: { severity: 'error', options: { semantics: 'hadolint' } } },
  fix: 'safe',
  options: { semantics: semantics('hadolint') },
  messages: {
    needless: (_: object) => ({
      message: '`sudo` does nothing here but has to be installed: this RUN is root already',
      help: 'leave it out',
    }),
    other: (_: object) => ({
      message: '`sudo` works here only if this user may become root without a password, in the container as well',
      help: 'write `USER root` before the RUN and switch back behind it',
    }),
    any: (_: object) => ({
      message: '`sudo` has to be in the image for this, and follows rules of its own; USER needs neither',
      help: 'write USER before the RUN instead, and switch back behind it',
    }),
    unknown: (_: object) => ({
      message: '`sudo` is either needless here, as root, or its user may become root in the container as well',
      help: 'leave it out; where the image runs as another user, write `USER root` before and switch back behind',
    }),
  },
  check({ document, facts, options, report }) {
    const asHadolint = options.semantics === 'hadolint';
    const seen = new Set<number>();
    const told = new Set<Instruction>();
    for (const { command, instruction, script } of asHadolint ? hadolintCallsOf(facts, 'sudo') : facts.commands()) {
      const wrapper = command.wrappers.find(({ name }) => name === 'sudo');
      if (!wrapper || seen.has(wrapper.span.start) || becomesOther(wrapper)) continue;
      seen.add(wrapper.span.start);
      const word = script ? wordOf(wrapper, document.source.text) : null;
      const at = word ?? wrapper.span;
      const privilege = privilegeAt(instruction, facts);
      if (privilege !== 'root') {
        // Each needless one has its own fix; of the others, one a RUN says it all.
        if (told.has(instruction)) continue;
        if (privilege === 'other') report('other', { at, data: {} });
        else report('unknown', { at, data: {}, severity: 'info' });
      } else report('needless', { at, data: {}, fix: word && removal(word, wrapper, document.source.text) });
      told.add(instruction);
    }
    if (!asHadolint) return;
    for (const { command, instruction } of firstOfEach(hadolintCallsOf(facts, 'sudo')))
      if (!told.has(instruction))
        report('any', { at: wordOf(command.wrappers[0] ?? command, document.source.text) ?? command.span, data: {} });
  },
});

/** `sudo -u app` as root gives up rights, as it should. */
function becomesOther({ flags }: Wrapper): boolean {
  const user = flags.findLast(({ name }) => name === '-u' || name === '--user');
  return user !== undefined && !(user.literal && isRoot((user.value ?? '').replace('#', '')));
}

/** The word `sudo`; null where the place is not exact, as in a script with escapes. */
function wordOf({ span }: { readonly span: Span }, source: string): Span | null {
  const word = /^(?:[\w./-]*\/)?sudo(?![\w/])/.exec(source.slice(span.start, span.end))?.[0];
  return word === undefined ? null : { start: span.start, end: span.start + word.length };
}

function removal(word: Span, { flags }: Wrapper, source: string): FixInput | null {
  if (!flags.every(({ name }) => NEUTRAL.has(name))) return null;
  const end = Math.max(word.end, ...flags.map(({ span }) => span.end));
  const gap = /^[ \t]+(?![-\\`\s])/.exec(source.slice(end, end + 100))?.[0];
  return gap === undefined
    ? null
    : { title: 'Remove sudo', edits: [{ span: { start: word.start, end: end + gap.length }, text: '' }] };
}
