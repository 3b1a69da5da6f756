import { ConfigError, PluginError, UsageError } from '../model/errors.js';
import { locate } from '../model/source.js';
import { VERSION } from '../model/version.js';
import { visible } from '../reporters/visible.js';
import type { Io } from './io.js';

export { processIo } from './io.js';

/** Runs one command line and returns the exit code: 0 clean, 1 findings, 2 usage, configuration or internal error. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    // The answer that scripts ask for most needs no parser.
    if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
      io.stdout.write(`${VERSION}\n`);
      return 0;
    }
    return await run(argv, io);
  } catch (error) {
    return complain(error, io);
  }
}

async function run(argv: readonly string[], io: Io): Promise<number> {
  // yargs asks for it while it is loaded, and would fail without a word of ours.
  void io.cwd;
  // Most runs lint, so that the two are loaded side by side.
  const linting = import('./commands/lint.js');
  // Where the arguments are wrong nobody waits for it.
  linting.catch(() => {});
  const { parseArgs } = await import('./args.js');
  const command = parseArgs(argv, io);
  switch (command.kind) {
    case 'text':
      io.stdout.write(command.text);
      return 0;
    case 'lint':
      return (await linting).lintCommand(command.args, io);
    case 'print-config':
      return (await import('./commands/print-config.js')).printConfigCommand(command.file, command.args, io);
    case 'context':
      return (await import('./commands/context.js')).contextCommand(command.args, io);
    case 'layers':
      return (await import('./commands/layers.js')).layersCommand(command.args, io);
    case 'rules':
      return (await import('./commands/rules.js')).rulesCommand(command.json, io);
    case 'explain':
      return (await import('./commands/explain.js')).explainCommand(command.rule, io);
    case 'init':
      return (await import('./commands/init.js')).initCommand(command.hadolint, io);
  }
}

/** Says what is wrong. Only what is our own mistake shows where in the program it happened. */
function complain(error: unknown, io: Io): number {
  if (error instanceof ConfigError) io.stderr.write(`plimsoll: ${visible(configMessage(error))}\n`);
  else if (error instanceof UsageError || error instanceof PluginError) {
    io.stderr.write(`plimsoll: ${visible(error.message)}\n`);
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.stderr.write(
      `plimsoll: internal error, please report it\n${text
        .split('\n')
        .map((line) => visible(line))
        .join('\n')}\n`,
    );
  }
  return 2;
}

function configMessage(error: ConfigError): string {
  if (!error.place) return `${error.path}: ${error.message}`;
  const { line, column } = locate(error.place.file, error.place.span.start);
  return `${error.path}:${line}:${column}: ${error.message}`;
}
