import { configResolver } from '../config/effective.js';
import type { EffectiveConfig, HadolintRun, Threshold } from '../config/types.js';
import { createCachedFs } from '../context/cached-fs.js';
import { displayFrom, parentOf, resolvePath } from '../context/paths.js';
import type { Fs } from '../context/types.js';
import type { Document } from '../dockerfile/ast.js';
import { type LintedTarget, type LintRun, startTarget } from '../engine/lint-target.js';
import { didYouMean, nearest } from '../engine/rule-names.js';
import type { AnalysisOptions } from '../facts/types.js';
import { ConfigError, UsageError } from '../model/errors.js';
import type { Failure } from '../model/report.js';
import { locate } from '../model/source.js';
import { rules } from '../rules/index.js';
import { buildArgsOf, contextRootOf } from './build-values.js';
import type { LintArgs } from './command.js';
import { type Configs, createConfigs } from './configs.js';
import type { Outcome } from './exit-code.js';
import { createFixer } from './fixer.js';
import type { Io } from './io.js';
import { createPipeline } from './pipeline.js';
import { createProgress } from './progress.js';
import type { RegistryStep } from './registry-step.js';
import { closeRunner, openRunner } from './shellcheck.js';
import { failureMessage, findTargets, type Target } from './targets.js';

export interface Collected {
  readonly outcomes: readonly Outcome[];
  readonly failures: readonly Failure[];
  /** Further lines for standard error. */
  readonly notes: readonly string[];
  /** What hadolint's configuration for the working directory says of the run; null where there is none. */
  readonly hadolint: HadolintRun | null;
}

/** In bytes. Larger files are no Dockerfiles; guards the memory. */
const LARGEST = 64_000_000;

/**
 * Lints all that the arguments name. What is wrong with one file is a failure of that file, and the others go on.
 *
 * @throws UsageError, ConfigError where nothing can be linted at all.
 */
export async function collect(args: LintArgs, io: Io): Promise<Collected> {
  const run = runOf(args, io);
  // What is wrong with the flags is said before any file is read.
  configResolver(null, args.overrides, rules);
  const log = createLog();
  const configs = createConfigs(args, io, log.note);
  if (args.config !== null) await configs.configFor(io.cwd);

  const { targets, failures: unfound } = await findTargets(args.paths, io);
  if (args.fix && targets.some((target) => target.path === null)) {
    throw new UsageError('standard input cannot be fixed: name a file');
  }
  const outcomes: (Outcome | undefined)[] = [];
  const runner = openRunner(args, io);
  const pipeline = createPipeline(runner);
  for (const failure of unfound) log.fail(failure);
  const stages = args.target === null ? null : createStageCheck(args.target);
  const fixer = args.fix === null ? null : createFixer(args.fix, io, log.fail);
  const registry = args.registry ? await openRegistry(run.options, io, log.note) : null;
  const progress = createProgress(io);
  for (const [index, target] of targets.entries()) {
    progress.update(index, targets.length, target.display);
    const path = target.path ?? (args.stdinFilename === null ? null : resolvePath(io.cwd, args.stdinFilename));
    const display = target.path === null && path !== null ? displayFrom(io.cwd, path) : target.display;
    const config = await configOf(configs, path ?? `${io.cwd}/Dockerfile`, log.fail);
    if (!config || config.ignored) continue;
    const bytes = bytesOf(target, io);
    if (typeof bytes === 'string') {
      log.fail({ path: display, message: bytes });
      continue;
    }
    const guarded = (finish: () => LintedTarget) => {
      try {
        outcomes[index] = outcomeOf(finish(), config.threshold, display);
      } catch (error) {
        crash(display, error);
      }
    };
    try {
      const published = config.settings.has(PLATFORM_RULE) ? await registry?.publishedFor(bytes, display) : null;
      const options = published ? { ...run.options, published } : run.options;
      const start = (fs: Fs, text: Uint8Array) => startTarget({ ...run, fs, options }, text, path, display, config);
      const lint = (fs: Fs, text: Uint8Array) => pipeline.now(start(fs, text));
      const pending = start(run.fs, bytes);
      if (fixer && path !== null) {
        const found = await pipeline.now(pending);
        const linted = found.isText ? await fixer.fix(path, found, lint) : found;
        guarded(() => linted);
      } else await pipeline.add(pending, guarded);
    } catch (error) {
      crash(display, error);
    }
  }
  await pipeline.end();
  progress.clear();
  if (runner) for (const note of closeRunner(runner, args, io)) log.note(note);
  const linted = outcomes.filter((outcome) => outcome !== undefined);
  const missing = stages?.complaint() ?? null;
  if (missing !== null) for (const { file } of linted) log.fail({ path: file.source.path, message: missing });
  const applied = fixer?.summary() ?? null;
  if (applied !== null && !args.quiet) log.note(applied);
  return { outcomes: linted, failures: log.failures, notes: log.notes, hadolint: await hadolintRun(configs, io.cwd) };

  function outcomeOf({ document, findings, context, crashed }: LintedTarget, threshold: Threshold, display: string) {
    stages?.see(document);
    for (const { rule, error } of crashed) log.note(`rule ${rule} failed on ${display}: ${stackOf(error)}`);
    return { file: { source: document.source, context, findings }, threshold, hasCrashed: crashed.length > 0 };
  }

  function crash(display: string, error: unknown): void {
    log.fail({ path: display, message: 'internal error, please report it with this file' });
    log.note(`${display}: ${stackOf(error)}`);
  }
}

/** hadolint itself looks nowhere else for it. A configuration that cannot be read is told of where it counts. */
async function hadolintRun(configs: Configs, cwd: string): Promise<HadolintRun | null> {
  try {
    return (await configs.configFor(cwd))?.hadolint ?? null;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return null;
  }
}

const PLATFORM_RULE = 'base/platform-mismatch';

/** Loaded where it is asked for alone. */
async function openRegistry(options: AnalysisOptions, io: Io, note: (text: string) => void): Promise<RegistryStep> {
  const { createRegistryStep } = await import('./registry-step.js');
  return createRegistryStep(options, io, note);
}

/** What goes to standard error; a failure that several files share is said once. */
function createLog() {
  const failures: Failure[] = [];
  const notes: string[] = [];
  const seen = new Set<string>();
  return {
    failures,
    notes,
    note: (text: string) => notes.push(text),
    fail(failure: Failure) {
      const key = `${failure.path}\n${failure.message}`;
      if (!seen.has(key)) failures.push(failure);
      seen.add(key);
    },
  };
}

function runOf(args: LintArgs, io: Io): LintRun {
  const options = { target: args.target, buildArgs: buildArgsOf(args, io), now: args.now ?? new Date() };
  const partial = args.overrides.only.length > 0;
  return { fs: createCachedFs(io.fs), cwd: io.cwd, context: contextRootOf(args, io), options, partial };
}

/** Null where the configuration is wrong, which is then a failure: files under another one are still linted. */
async function configOf(
  configs: Configs,
  path: string,
  fail: (failure: Failure) => void,
): Promise<EffectiveConfig | null> {
  try {
    return (await configs.resolverFor(parentOf(path)))(path);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    fail(failureOf(error));
    return null;
  }
}

function failureOf(error: ConfigError): Failure {
  if (!error.place) return { path: error.path, message: error.message };
  const { line, column } = locate(error.place.file, error.place.span.start);
  return { path: `${error.path}:${line}:${column}`, message: error.message };
}

/** The file's bytes, or why there are none. */
function bytesOf(target: Target, io: Io): Uint8Array | string {
  if (target.path === null) {
    try {
      return io.readStdin();
    } catch {
      return 'standard input cannot be read';
    }
  }
  const read = io.fs.readFile(target.path, LARGEST);
  return read.ok ? read.value : failureMessage(read.reason);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Whether any of the files has the stage of `--target`. */
function createStageCheck(target: string) {
  const names = new Set<string>();
  let isFound = false;
  return {
    see(document: Document) {
      for (const stage of document.stages) {
        if (stage.name === target.toLowerCase() || String(stage.index) === target) isFound = true;
        if (stage.name !== null) names.add(stage.name);
      }
    },
    complaint: () => (isFound ? null : `there is no stage "${target}"${didYouMean(nearest(target, [...names]))}`),
  };
}
