import { UsageError } from '../../model/errors.js';
import type { ContextArgs } from '../command.js';
import type { Io } from '../io.js';
import { openDockerfile } from '../one-dockerfile.js';

/** `plimsoll context [DOCKERFILE]`. */
export async function contextCommand(args: ContextArgs, io: Io): Promise<number> {
  const { context } = openDockerfile(args, io);
  if (!context) throw new UsageError('standard input has no build context; name one with --context');
  return 0;
}
