import { UsageError } from '../../model/errors.js';
import { VERSION } from '../../model/version.js';
import { safeJson } from '../../reporters/visible.js';
import type { ContextArgs } from '../command.js';
import { contextReport } from '../context/report.js';
import { contextText } from '../context/text.js';
import type { Io } from '../io.js';
import { openDockerfile } from '../one-dockerfile.js';
import { renderEnv } from '../render-env.js';

/** Columns where the output is no terminal. */
const USUAL_WIDTH = 80;

/** `plimsoll context [DOCKERFILE]`. @throws UsageError where there is nothing to show */
export async function contextCommand(args: ContextArgs, io: Io): Promise<number> {
  const opened = openDockerfile(args, io);
  if (!opened.context) throw new UsageError('standard input has no build context; name one with --context');
  const report = contextReport(opened, opened.context);
  if (args.json) {
    io.stdout.write(safeJson({ version: 1, tool: { name: 'plimsoll', version: VERSION }, ...report }));
    return 0;
  }
  const env = await renderEnv({ color: args.color, quiet: false }, io);
  io.stdout.write(contextText(report, { ...env, width: io.stdout.columns ?? USUAL_WIDTH }));
  return 0;
}
