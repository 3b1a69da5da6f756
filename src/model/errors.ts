import type { Place } from './finding.js';

/** The command line asks for something that is not there. Exit code 2, message only. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A configuration file is wrong. Exit code 2; `place` is where, `path` the file where there is no place in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    message: string,
    readonly path: string,
    readonly place: Place | null = null,
  ) {
    super(message);
  }
}

/** A plug-in that the user named cannot be loaded or breaks its contract. Exit code 2. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
}
