/**
 * The library: what is exported here is public and follows semantic versioning; nothing else is.
 *
 *     import { lintText } from 'plimsoll';
 *     const { findings } = lintText('FROM node:12\n');
 */
import { fileURLToPath } from 'node:url';
import { configResolver } from './config/effective.js';
import { NO_SETTINGS } from './config/hadolint.js';
import { findConfig, loadConfig } from './config/load.js';
import { findHadolintConfig, loadHadolintConfig } from './config/load-hadolint.js';
import { type Config, NO_OVERRIDES } from './config/types.js';
import { openContext } from './context/build-context.js';
import { createCachedFs } from './context/cached-fs.js';
import { createMemoryFs } from './context/memory-fs.js';
import { createNodeFs } from './context/node-fs.js';
import { displayFrom, parentOf, resolvePath } from './context/paths.js';
import type { BuildContext } from './context/types.js';
import { parse } from './dockerfile/parse.js';
import { lint } from './engine/lint.js';
import { type LintRun, startTarget } from './engine/lint-target.js';
import type { LintResult } from './engine/types.js';
import { lazy } from './facts/lazy.js';
import type { AnalysisOptions } from './facts/types.js';
import { UsageError } from './model/errors.js';
import type { FileReport } from './model/report.js';
import { createSource } from './model/source.js';
import { VERSION } from './model/version.js';
import { rules } from './rules/index.js';
import { createRunner, type ShellcheckMode } from './shellcheck/runner.js';
import type { Engine } from './shellcheck/types.js';

export type { LintResult } from './engine/types.js';
export { ConfigError, PluginError, UsageError } from './model/errors.js';
export type { Edit, Finding, Fix, FixKind, Place, Related, Severity, Suppressed } from './model/finding.js';
export type { FileReport } from './model/report.js';
export type { Position, SourceFile } from './model/source.js';
export { locate } from './model/source.js';
export type { Span } from './model/span.js';
export type { Rule, RuleContext, RuleDefinition } from './rules/define-rule.js';
export { defineRule } from './rules/define-rule.js';
export { rules } from './rules/index.js';

/** What can be said of a run; the command line's flags of the same names. */
export interface LintOptions {
  /** Presets that replace the default one. */
  readonly presets?: readonly string[];
  /** Rule id or alias to `off`, `on` or a severity. */
  readonly rules?: Readonly<Record<string, string>>;
  /** The stage that is shipped; the last one where it is not said. */
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The day that end-of-life dates are judged by; today where it is not said. */
  readonly now?: Date;
}

export interface LintTextOptions extends LintOptions {
  /** Path of the Dockerfile in its build context, as findings show it; `Dockerfile` where it is not said. */
  readonly path?: string;
  /** The build context: path to content. Without it, rules about the context are silent. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
}

/**
 * Lints the text of a Dockerfile; synchronous, reads no disk and no configuration.
 *
 * @throws UsageError for a preset, a rule or a level that is not there.
 */
export function lintText(text: string, options: LintTextOptions = {}): LintResult {
  const path = options.path ?? 'Dockerfile';
  const root = '/context';
  const isDefault = options.presets === undefined && options.rules === undefined;
  const resolve = isDefault ? defaultResolver() : configResolver(null, overridesOf(options), rules);
  const { settings } = resolve(`${root}/${path}`);
  const context = options.files ? contextOf(options.files, root, path) : null;
  return lint({ document: parse(createSource(path, text)), settings, context, options: analysisOf(options) }, rules);
}

function contextOf(files: Readonly<Record<string, string | Uint8Array>>, root: string, path: string): BuildContext {
  const entries = Object.entries(files).map(([name, content]) => [`${root}/${name}`, content] as const);
  const fs = createMemoryFs(Object.fromEntries(entries));
  return openContext(fs, { root, displayRoot: '.', dockerfile: `${root}/${path}`, certainty: 'given' });
}

const defaultResolver = lazy(() => configResolver(null, NO_OVERRIDES, rules));

export interface LintFilesOptions extends LintOptions {
  /** Paths are relative to it, and shown so. The working directory where it is not said. */
  readonly cwd?: string;
  /** The build context of all files; found for each file where it is not said. */
  readonly context?: string;
  /** False: no configuration file is read. */
  readonly config?: boolean;
  /** ShellCheck for the scripts of RUN, as `--shellcheck` has it; `off` where it is not said. */
  readonly shellcheck?: ShellcheckMode | 'off';
}

/**
 * Lints Dockerfiles on the disk with their build contexts and the configuration that holds for each.
 *
 * @throws ConfigError, UsageError (also where an engine of ShellCheck is named that is not there), or the reason why a file
 *   cannot be read.
 */
export async function lintFiles(
  paths: readonly string[],
  options: LintFilesOptions = {},
): Promise<readonly FileReport[]> {
  const disk = createNodeFs();
  const start = disk.realPath(options.cwd ?? '.');
  if (!start.ok) throw new Error(`${options.cwd ?? '.'}: ${start.reason}`);
  const cwd = start.value;
  const run = {
    fs: createCachedFs(disk),
    cwd,
    context: options.context === undefined ? null : resolvePath(cwd, options.context),
    options: analysisOf(options),
    partial: false,
  };
  const reports: FileReport[] = [];
  const { shellcheck = 'off' } = options;
  const runner =
    shellcheck === 'off' ? null : createRunner({ mode: shellcheck, open: openEngine, readCache: () => null });
  for (const name of paths) {
    const path = resolvePath(cwd, name);
    const display = (shown: string) => displayFrom(cwd, shown);
    const config = options.config === false ? null : await configOf(path, run, display);
    const effective = configResolver(config, overridesOf(options), rules)(path);
    if (effective.ignored) continue;
    const read = run.fs.readFile(path);
    if (!read.ok) throw new Error(`${name}: ${read.reason}`);
    const pending = startTarget(run, read.value, path, display(path), effective);
    const { document, findings, context } = pending.finish(runner ? await runner.check(pending.scripts) : null);
    reports.push({ source: document.source, context, findings });
  }
  if (runner && !runner.isAvailable && shellcheck !== 'auto')
    throw new UsageError(`ShellCheck is not there (${shellcheck})`);
  runner?.close();
  return reports;
}

async function openEngine(kind: 'native' | 'wasm'): Promise<Engine | null> {
  if (kind === 'native') return (await import('./shellcheck/native.js')).openNative({ env: null });
  const { openWasm } = await import('./shellcheck/wasm.js');
  const root = fileURLToPath(new URL('../', import.meta.url));
  return openWasm({ packageRoot: root, workerFile: `${root}dist/shellcheck-worker.cjs` });
}

/** hadolint's configuration where there is none of ours, but for what stands in the user's home. */
async function configOf(path: string, { fs, cwd }: LintRun, display: (path: string) => string): Promise<Config | null> {
  const directory = parentOf(path);
  const own = findConfig(fs, directory);
  if (own !== null) return loadConfig(fs, own, { rules, version: VERSION, display });
  const hadolint = findHadolintConfig(fs, directory, { cwd, home: null, env: {}, isWindows: false });
  return hadolint === null ? null : loadHadolintConfig(fs, hadolint, NO_SETTINGS, { rules, display });
}

function overridesOf(options: LintOptions): typeof NO_OVERRIDES {
  const named = Object.entries(options.rules ?? {}).map(([rule, level]) => `${rule}=${level}`);
  return { ...NO_OVERRIDES, presets: options.presets ?? [], rules: named };
}

function analysisOf({ target, buildArgs, now }: LintOptions): AnalysisOptions {
  return { target: target ?? null, buildArgs: new Map(Object.entries(buildArgs ?? {})), now: now ?? new Date() };
}
