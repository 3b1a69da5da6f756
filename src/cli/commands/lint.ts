import { HADOLINT_FORMATS, originText } from '../../config/hadolint.js';
import type { HadolintRun } from '../../config/types.js';
import { resolvePath } from '../../context/paths.js';
import { nearest } from '../../engine/rule-names.js';
import { UsageError } from '../../model/errors.js';
import type { Failure, Report } from '../../model/report.js';
import { VERSION } from '../../model/version.js';
import { FORMATS, type FormatName, isFormat, loadReporter } from '../../reporters/index.js';
import { visible } from '../../reporters/visible.js';
import { rules } from '../../rules/index.js';
import { collect } from '../collect.js';
import { COMMAND_NAMES, type LintArgs } from '../command.js';
import { exitCode } from '../exit-code.js';
import type { Io } from '../io.js';
import { fileEnv, renderEnv } from '../render-env.js';
import { namedRules, RULE_PAGES } from '../rule-info.js';

/** `plimsoll [lint] [PATH...]`. */
export async function lintCommand(args: LintArgs, io: Io): Promise<number> {
  // Loaded meanwhile; where hadolint's configuration asks for another one it was for nothing.
  const usual = loadReporter(args.format ?? 'text');
  const { outcomes, failures, notes, hadolint } = await collect(args, io);
  const format = args.format === null ? formatOf(hadolint) : { name: args.format, note: null };
  const reporter = format.name === (args.format ?? 'text') ? usual : loadReporter(format.name);
  const files = outcomes.map((outcome) => outcome.file);
  const path = args.output === null || args.output === '-' ? null : resolvePath(io.cwd, args.output);
  const isPlain = hadolint?.noColor?.value === true && io.env.FORCE_COLOR === undefined;
  const look = { color: args.color ?? (isPlain ? false : null), quiet: args.quiet };
  const env = path === null ? await renderEnv(look, io) : fileEnv(look);
  // A link that is clicked beside the installation can open the page that came with it.
  const pages = env.hyperlinks ? `file://${encodeURI(`${io.packageRoot}/docs/rules/`)}` : RULE_PAGES;
  const findings = files.flatMap((file) => file.findings);
  const tool = { name: 'plimsoll', version: VERSION } as const;
  const report: Report = { tool, files, failures, rules: namedRules(findings, rules, pages) };
  const text = (await reporter)(report, env);
  let unwritten: UsageError | null = null;
  try {
    if (path === null) io.stdout.write(text);
    else io.writeFile(path, text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    unwritten = error;
  }
  for (const note of format.note === null ? notes : [...notes, format.note])
    io.stderr.write(
      `plimsoll: ${note
        .split('\n')
        .map((line) => visible(line))
        .join('\n')}\n`,
    );
  for (const failure of failures) io.stderr.write(`plimsoll: ${visible(failureText(failure))}\n`);
  if (unwritten) throw unwritten;
  return exitCode(outcomes, failures.length);
}

/** hadolint's name of a format, in its configuration, made ours. */
function formatOf(hadolint: HadolintRun | null): { readonly name: FormatName; readonly note: string | null } {
  const said = hadolint?.format;
  if (!said) return { name: 'text', note: null };
  const name = HADOLINT_FORMATS.get(said.value) ?? '';
  if (isFormat(name)) return { name, note: null };
  const instead = `plimsoll has no format like hadolint's "${said.value}"; this is text, and --format takes ${FORMATS.join(', ')}`;
  return { name: 'text', note: `${originText(said.origin)}: ${instead}` };
}

/** A misspelt command was taken for a path. */
function failureText({ path, message }: Failure): string {
  const guess = /^[a-z-]+$/.test(path) && message.startsWith('no such file') ? nearest(path, COMMAND_NAMES) : null;
  return `${path}: ${message}${guess === null ? '' : `; did you mean the command "${guess}"?`}`;
}
