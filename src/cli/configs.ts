import { type ConfigResolver, configResolver } from '../config/effective.js';
import { readHadolintEnvironment } from '../config/hadolint.js';
import { findConfig, loadConfig } from '../config/load.js';
import { findHadolintConfig, isHadolintConfig, loadHadolintConfig, withEnvironment } from '../config/load-hadolint.js';
import type { Config } from '../config/types.js';
import { displayFrom, resolvePath } from '../context/paths.js';
import { presetNamed } from '../engine/presets.js';
import { lazy } from '../facts/lazy.js';
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

/**
 * hadolint's variables count where hadolint's configuration or `--preset hadolint` is in use, and nowhere else: who runs
 * both linters has them for the other one.
 *
 * @param warn is told once what is odd in a configuration.
 */
export function createConfigs(args: LintArgs, io: Io, warn: (text: string) => void): Configs {
  const found = new Map<string, string | null>();
  const foundHadolint = new Map<string, string | null>();
  const configs = new Map<string | null, Promise<Config | null>>();
  const resolvers = new Map<Config | null, ConfigResolver>();
  const named = args.config === null ? null : resolvePath(io.cwd, args.config);
  const isLikeHadolint =
    args.hadolint !== null || args.overrides.presets.some((name) => presetNamed(name) === 'hadolint');

  const display = (shown: string) => displayFrom(io.cwd, shown);
  const environment = lazy(() => {
    const { settings, warnings } = readHadolintEnvironment(withFlags(io.env, args.hadolint ?? {}));
    for (const warning of warnings) warn(warning);
    return settings;
  });

  const read = async (path: string | null): Promise<Config | null> => {
    if (path === null) return null;
    if (isHadolintConfig(path)) return loadHadolintConfig(io.fs, path, environment(), { rules, display });
    return loadConfig(io.fs, path, { rules, version: VERSION, display });
  };

  const load = async (path: string | null): Promise<Config | null> => {
    const config = await read(path);
    const whole = isLikeHadolint && !config?.hadolint ? withEnvironment(config, environment(), rules) : config;
    for (const warning of whole?.warnings ?? []) warn(warning);
    if (whole?.hadolint?.verbose?.value) warn(`configuration: ${whole.displayPath ?? 'none'}`);
    return whole;
  };

  const pathFor = (directory: string): string | null => {
    if (!args.useConfig) return null;
    if (named !== null) return named;
    const path = findConfig(io.fs, directory, io.home, found, display);
    return path ?? findHadolintConfig(io.fs, directory, io, foundHadolint);
  };

  const configFor = async (directory: string): Promise<Config | null> => {
    const path = pathFor(directory);
    const config = configs.get(path) ?? load(path);
    configs.set(path, config);
    return config;
  };

  return {
    configFor,
    async resolverFor(directory) {
      const config = await configFor(directory);
      let resolver = resolvers.get(config);
      if (!resolver) {
        const isOwn = typeof config?.path === 'string' && !isHadolintConfig(config.path);
        const isImplied = args.hadolint !== null && !isOwn && args.overrides.presets.length === 0;
        const overrides = isImplied ? { ...args.overrides, presets: ['hadolint'] } : args.overrides;
        resolver = configResolver(config, overrides, rules);
        resolvers.set(config, resolver);
      }
      return resolver;
    },
  };
}

/** The variables with what the flags add; lists add up, as they do with those of the file. */
function withFlags(env: Io['env'], flags: Readonly<Record<string, string>>): Io['env'] {
  const both = Object.entries(flags).map(([name, value]) => [
    name,
    name.endsWith('S') && !name.endsWith('STRICT_LABELS') && env[name] ? `${env[name]},${value}` : value,
  ]);
  return { ...env, ...Object.fromEntries(both) };
}
