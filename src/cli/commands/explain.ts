import { didYouMean, isForeignCode, nameRules, shellcheckCode } from '../../engine/rule-names.js';
import { UsageError } from '../../model/errors.js';
import { rules } from '../../rules/index.js';
import { CODES_MILD, CODES_OFF, CODES_QUIET } from '../../shellcheck/codes.js';
import { wikiPage } from '../../shellcheck/findings.js';
import type { Io } from '../io.js';
import { renderMarkdown } from '../markdown.js';
import { renderEnv } from '../render-env.js';

/** `plimsoll explain RULE`: the rule's page, which comes with the program. */
export async function explainCommand(name: string, io: Io): Promise<number> {
  const code = shellcheckCode(name);
  if (code !== null) {
    io.stdout.write(aboutCode(code));
    return 0;
  }
  const env = await renderEnv({ color: null, quiet: false }, io);
  for (const [index, id] of idsOf(name).entries()) {
    const page = io.fs.readFile(`${io.packageRoot}/docs/rules/${id}.md`);
    if (!page.ok) throw new UsageError(`the page of ${id} is missing in this installation`);
    const text = renderMarkdown(new TextDecoder().decode(page.value), env);
    io.stdout.write(index === 0 ? text : `\n${text}`);
  }
  return 0;
}

function idsOf(name: string): readonly string[] {
  const names = nameRules(rules);
  const ids = names.resolve(name);
  if (ids) return ids;
  const suggestion = names.suggest(name);
  if (suggestion === null && isForeignCode(name))
    throw new UsageError(`plimsoll has no rule that stands for "${name}"`);
  throw new UsageError(`unknown rule "${name}"${didYouMean(suggestion) || '; see plimsoll rules'}`);
}

/** ShellCheck has the page; what plimsoll makes of the code is ours to say. */
function aboutCode(code: string): string {
  const number = Number(code.slice(2));
  const off = CODES_OFF.get(number);
  const quiet = CODES_QUIET.get(number);
  const mild = CODES_MILD.get(number);
  const lines = [`${code} is a code of ShellCheck, which explains it on ${wikiPage(code)}`];
  if (off !== undefined) lines.push(`Here it is off: ${off}.`);
  if (quiet !== undefined) lines.push(`Here it is off unless it is named (--rule ${code}=info): ${quiet}.`);
  if (mild !== undefined) lines.push(`Here it is ${mild.severity}: ${mild.reason}.`);
  return `${lines.join('\n')}\n`;
}
