import type { CommandUse, Facts } from '../../facts/types.js';
import { mayPass } from '../../facts/variable-arguments.js';
import { textAt } from '../../model/source.js';
import type { Command } from '../../shell/types.js';
import { defineRule, type FixInput, hasFlag, insertAfter } from '../define-rule.js';

/** curl fails where nobody answers, but an answer such as `500` is a success to it. */
export default defineRule({
  id: 'runtime/healthcheck-curl-fail',
  summary: 'Let the curl of a HEALTHCHECK fail at an error of the server',
  category: 'runtime',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'safe',
  messages: {
    succeeds: () => ({
      message: 'a server that answers every request with an error counts as healthy: curl succeeds at status 500 too',
      help: 'write `curl --fail`, which fails from status 400 on',
    }),
  },
  check({ facts, report }) {
    for (const instruction of facts.instructions('HEALTHCHECK')) {
      const uses = facts.commandsOf(instruction);
      const use = uses.find(({ command }) => command.name === 'curl');
      if (!use?.command.nameWord || !uses.every(({ command }) => saysNothingOfStatus(command))) continue;
      if (!asksHttp(use.command) || mayPass(/-\w*f|--fail/, use, facts)) continue;
      report('succeeds', { at: use.command.nameWord.span, fix: fixOf(use, facts) });
    }
  },
});

/** Whatever else looks at the answer, or decides on its own, is left to those who wrote it. */
const STATUS_ONLY: ReadonlySet<string> = new Set(['curl', 'exit', 'true', 'false', 'echo', 'kill']);

function saysNothingOfStatus({ name, nesting, pipeline, redirects, flags }: Command): boolean {
  if (!STATUS_ONLY.has(name) || pipeline !== -1) return false;
  if (nesting.some((one) => one !== 'group' && one !== 'subshell' && one !== 'inner-script')) return false;
  if (name !== 'curl') return true;
  return (
    redirects.every(({ target }) => target === null || /^(?:\/dev\/|&?\d)/.test(target.value)) &&
    flags.every((flag) => !flag.unknown && !DECIDING.has(flag.name))
  );
}

/** They make curl fail, tell the status, or bring further flags. */
const DECIDING: ReadonlySet<string> = new Set(
  '-f --fail --fail-with-body -w --write-out -K --config --variable -i --include -T --upload-file'.split(' '),
);

function asksHttp(command: Command): boolean {
  const urls = [
    ...command.operands.map(({ value }) => value),
    ...command.flags.filter((flag) => flag.name === '--url').map(({ value }) => value ?? ''),
  ];
  return (
    urls.length > 0 &&
    urls.every((url) => !/^(?!https?:)[a-z][a-z+]*:\/\//i.test(url)) &&
    !hasFlag(command, '--version', '-V')
  );
}

/** In an exec form a flag is a string of its own. */
function fixOf({ command: { nameWord } }: CommandUse, { document }: Facts): FixInput | null {
  if (!nameWord) return null;
  const text = textAt(document.source, nameWord.span);
  const flag = text.endsWith('"') ? ', "--fail"' : /curl$/.test(text) ? ' --fail' : null;
  return flag === null ? null : { title: 'Add --fail', edits: [insertAfter(nameWord, flag)] };
}
