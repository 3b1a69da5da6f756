import { type ConfigResolver, configResolver } from '../config/effective.js';
import { findConfig, loadConfig } from '../config/load.js';
import type { Config } from '../config/types.js';
import { displayFrom, resolvePath } from '../context/paths.js';
import { VERSION } from '../model/version.js';
import { rules } from '../rules/index.js';
import type { LintArgs } from './command.js';
import type { Io } from './io.js';

/** Configurations of a run; each file is read once. */
export interface Configs {
  /** @throws ConfigError */
  configFor(directory: string): Promise<Config | null>;
  /** @throws ConfigError, UsageError */
  resolverFor(directory: string): Promise<ConfigResolver>;
}

export function createConfigs(args: LintArgs, io: Io): Configs {
  const found = new Map<string, string | null>();
  const configs = new Map<string, Promise<Config>>();
  const resolvers = new Map<Config | null, ConfigResolver>();
  const named = args.config === null ? null : resolvePath(io.cwd, args.config);

  const display = (shown: string) => displayFrom(io.cwd, shown);
  const configFor = async (directory: string): Promise<Config | null> => {
    if (!args.useConfig) return null;
    const path = named ?? findConfig(io.fs, directory, io.home, found, display);
    if (path === null) return null;
    let config = configs.get(path);
    if (!config) {
      config = loadConfig(io.fs, path, { rules, version: VERSION, display });
      configs.set(path, config);
    }
    return config;
  };

  return {
    configFor,
    async resolverFor(directory) {
      const config = await configFor(directory);
      let resolver = resolvers.get(config);
      if (!resolver) {
        resolver = configResolver(config, args.overrides, rules);
        resolvers.set(config, resolver);
      }
      return resolver;
    },
  };
}
