import { printConfig } from '../../config/effective.js';
import { renderPrintConfig } from '../../config/print.js';
import { displayFrom, parentOf, resolvePath } from '../../context/paths.js';
import { UsageError } from '../../model/errors.js';
import { visible } from '../../reporters/visible.js';
import { rules } from '../../rules/index.js';
import type { LintArgs } from '../command.js';
import { createConfigs } from '../configs.js';
import type { Io } from '../io.js';

/** `plimsoll --print-config FILE`: what holds for a file, and where each value comes from. */
export async function printConfigCommand(file: string, args: LintArgs, io: Io): Promise<number> {
  const path = resolvePath(io.cwd, io.isWindows ? file.replaceAll('\\', '/') : file);
  if (io.fs.readDirectory(path).ok)
    throw new UsageError(`--print-config: ${file} is a directory; name a Dockerfile in it`);
  const warn = (text: string) => io.stderr.write(`plimsoll: ${visible(text)}\n`);
  const config = await createConfigs(args, io, warn).configFor(parentOf(path));
  const printed = printConfig(config, args.overrides, path, rules);
  io.stdout.write(renderPrintConfig(printed, displayFrom(io.cwd, path)));
  return 0;
}
