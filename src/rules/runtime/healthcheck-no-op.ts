import { alwaysSucceeds } from '../../facts/failure.js';
import type { Command } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** A check that cannot fail says `healthy` of a container that hangs, and whoever waits for it believes that. */
export default defineRule({
  id: 'runtime/healthcheck-no-op',
  summary: 'Let a HEALTHCHECK be able to fail',
  category: 'runtime',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    asksNothing: ({ program }: { program: string }) => ({
      message: `\`${program}\` always succeeds: the container counts as healthy even where its program hangs`,
      help: 'ask the program itself, or write `HEALTHCHECK NONE` to switch off the check of the base image',
    }),
    swallowed: ({ program }: { program: string }) => ({
      message: `\`${program}\` makes the check succeed where what stands before it fails: the container is always healthy`,
      help: 'write `|| exit 1`, or leave it out',
    }),
  },
  check({ facts, report }) {
    for (const instruction of facts.instructions('HEALTHCHECK')) {
      const uses = facts.commandsOf(instruction);
      const last = uses.at(-1)?.command;
      if (!last || uses[0]?.script?.errors.length || !isPlain(last) || last.next !== null || !alwaysSucceeds(last))
        continue;
      const program = last.words
        .map(({ value }) => value)
        .join(' ')
        .slice(0, 40);
      const others = uses.slice(0, -1).map(({ command }) => command);
      if (others.every((one) => isPlain(one) && one.next !== '&' && alwaysSucceeds(one) && one.name !== 'exit'))
        report('asksNothing', { at: last.span, data: { program } });
      else if (endsHere(last, others)) report('swallowed', { at: last.span, data: { program } });
    }
  },
});

function isPlain({ nesting, pipeline, redirects }: Command): boolean {
  return (
    nesting.every((one) => one === 'inner-script') &&
    pipeline === -1 &&
    redirects.every(({ target }) => target?.value.startsWith('/dev/') !== false)
  );
}

/** `a || true`, and `a; exit 0` where nothing before it leaves with another status. */
function endsHere(last: Command, others: readonly Command[]): boolean {
  if (others.some(({ name }) => name === 'exit' || name === 'kill' || name === '' || name === 'set')) return false;
  const before = others.at(-1);
  if (!before || before.nesting.some((one) => one !== 'inner-script')) return false;
  if (last.previous === '||') return others.every(({ next }) => next === '&&' || next === '||' || next === '|');
  return last.previous === ';' && last.name === 'exit' && others.every(({ nesting }) => nesting.length === 0);
}
