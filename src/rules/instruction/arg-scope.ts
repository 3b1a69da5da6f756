import { lineAbove } from '../../facts/insert-line.js';
import { endedArguments, type LostArgument, lostArguments } from '../../facts/lost-arguments.js';
import { shorten } from '../../model/shorten.js';
import type { SourceFile } from '../../model/source.js';
import { defineRule, type FixInput } from '../define-rule.js';

interface Data {
  readonly name: string;
  readonly where: string;
  readonly advice: string;
}

/** An ARG holds in its own stage, and one before FROM for FROM lines alone: elsewhere it is empty, and nothing says so. */
export default defineRule({
  id: 'instruction/arg-scope',
  summary: 'Declare an ARG in each stage that uses it',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'safe',
  supersedes: ['instruction/undefined-variable'],
  messages: {
    empty: ({ name, where, advice }: Data) => ({
      message: `\`$${name}\` becomes nothing here: ARG ${name} is declared ${where} and does not reach this stage`,
      help: advice,
    }),
    ended: ({ name }: { name: string }) => ({
      message: `\`$${name}\` is empty when the container starts: an ARG ends with the build, and no ENV sets it`,
      help: `write \`ENV ${name}=$${name}\` above this line`,
    }),
    unset: ({ name, where, advice }: Data) => ({
      message: `\`$${name}\` is empty in this RUN: ARG ${name} is declared ${where} and does not reach this stage`,
      help: advice,
    }),
  },
  check({ document, facts, report }) {
    for (const lost of lostArguments(facts)) {
      const { name, declared, isGlobal, inShell, span, stage } = lost;
      const { known, scratch } = stage.image;
      report(inShell ? 'unset' : 'empty', {
        at: span,
        data: {
          name: shorten(name),
          where: !declared ? 'by BuildKit outside of stages' : isGlobal ? 'before the first FROM' : 'in another stage',
          advice: `write \`ARG ${shorten(name)}\` in this stage, above this line${isGlobal ? '; it keeps its value' : ''}`,
        },
        severity: inShell || !(known || scratch) || isProxy(name) ? 'warning' : 'error',
        related: declared ? [{ at: declared.span, message: 'holds there alone' }] : [],
        fix: fixOf(lost, document.source),
      });
    }
    for (const { name, instruction, span, declared } of endedArguments(facts)) {
      report('ended', {
        at: span,
        data: { name: shorten(name) },
        severity: 'warning',
        related: [{ at: declared.span, message: 'a value for the build alone' }],
        fix: {
          kind: 'suggestion',
          title: `Keep it with ENV ${name}`,
          edits: [lineAbove(instruction, `ENV ${name}=$${name}`, document.source)],
        },
      });
    }
  },
});

/** BuildKit gives these to each RUN without any ARG, so that a build through a proxy works all the same. */
function isProxy(name: string): boolean {
  return /^(?:https?|ftp|no|all)_proxy$/i.test(name);
}

/** Right above its first use, so that the layers before it do not depend on its value. */
function fixOf({ isGlobal, instruction, name, declared }: LostArgument, source: SourceFile): FixInput | null {
  if (!isGlobal && declared?.value) return null;
  return {
    kind: isGlobal ? 'safe' : 'suggestion',
    title: `Declare ARG ${name} in this stage`,
    edits: [lineAbove(instruction, `ARG ${name}`, source)],
  };
}
