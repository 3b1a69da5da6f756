import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { isPortability } from './codes.js';
import { readRemarks } from './read-remarks.js';
import type { Answer, Engine, Remark } from './types.js';

export interface NativeOptions {
  /** Environment in which the program is looked for and run; null: that of the process. */
  readonly env: Readonly<Record<string, string | undefined>> | null;
  /** Milliseconds after which a process that says nothing is killed. */
  readonly limit?: number;
}

/** So many scripts a process: enough that its start does not count, few enough that two cores share the work. */
const BATCH = 60;
const LIMIT = 20_000;
const BUSYBOX = '#!/bin/busybox sh';

/**
 * The `shellcheck` on the PATH; null where there is none. Many scripts go into one process. Where a process fails, its
 * scripts are tried one by one; after two that fail the program is taken for broken and not started again.
 */
export function openNative({ env: given, limit = LIMIT }: NativeOptions): Engine | null {
  const env = given ?? process.env;
  const program = findProgram(env);
  if (program === null) return null;
  const running = new Set<ChildProcess>();
  const folders = new Set<string>();
  const signals = onSignals(() => {
    for (const child of running) kill(child);
    for (const folder of folders) removeFolder(folder);
  });
  let broken: string | null = null;
  let failures = 0;
  let busybox: Promise<boolean> | null = null;

  return {
    id: program.id,
    async check(scripts) {
      const batches = chunks(scripts, Math.min(BATCH, Math.ceil(scripts.length / lanes())));
      const answers: (readonly Answer[])[] = [];
      let next = 0;
      const lane = async () => {
        for (let at = next++; at < batches.length; at = next++) answers[at] = await checkBatch(batches[at] ?? []);
      };
      signals.watch();
      await Promise.all(Array.from({ length: Math.min(lanes(), batches.length) }, lane));
      signals.leave();
      return answers.flat();
    },
    close() {
      for (const child of running) kill(child);
    },
  };

  async function checkBatch(scripts: readonly string[]): Promise<readonly Answer[]> {
    const remarks = await tryBatch(scripts, limit);
    if (typeof remarks !== 'string') return remarks.map((list) => ({ ok: true, remarks: list }));
    if (scripts.length === 1) return [fail(remarks, scripts[0])];
    const answers: Answer[] = [];
    for (const script of scripts) {
      const found = await tryBatch([script], limit / 4);
      answers.push(typeof found === 'string' ? fail(found, script) : { ok: true, remarks: found[0] ?? [] });
    }
    return answers;
  }

  function fail(reason: string, script = ''): Answer {
    // Its time grows with the square of a script, and the npm package is slower still.
    if (reason.startsWith(LATE) && script.length > LONG) return { ok: false, reason, isFinal: true };
    failures++;
    if (failures >= 2) broken ??= reason;
    return { ok: false, reason };
  }

  /** The remarks on each script, or what went wrong. */
  async function tryBatch(scripts: readonly string[], time: number): Promise<readonly (readonly Remark[])[] | string> {
    if (broken !== null) return broken;
    const isAsked = scripts.some((script) => script.startsWith(BUSYBOX));
    if (isAsked) busybox ??= knowsBusybox();
    // Nothing is waited for where nobody asks, so that the processes start at once.
    const known = !isAsked || (await busybox);
    let folder: string | null = null;
    try {
      folder = mkdtempSync(join(tmpdir(), 'plimsoll-'));
      folders.add(folder);
      const files = writeScripts(folder, known ? scripts : scripts.map(withDash));
      const output = await run(['--norc', '--format=json1', '--severity=style', '--', ...files], time);
      if (!output.ok) return output.reason;
      const lists = new Map<string, Remark[]>(files.map((file) => [file, []]));
      const found = readRemarks(output.text, 'json1');
      if (found === null) return 'its answer cannot be read';
      for (const { file, remark } of found) lists.get(file)?.push(remark);
      // What dash lacks says nothing of BusyBox.
      return scripts.map((script, index) => {
        const remarks = lists.get(files[index] ?? '') ?? [];
        return known || withDash(script) === script ? remarks : remarks.filter(({ code }) => !isPortability(code));
      });
    } catch (error) {
      return `its input cannot be written to ${tmpdir()} (${codeOf(error)})`;
    } finally {
      if (folder !== null) removeFolder(folder);
      if (folder !== null) folders.delete(folder);
    }
  }

  /** ShellCheck knows BusyBox since 0.10; before, dash is nearest. */
  async function knowsBusybox(): Promise<boolean> {
    const output = await run(['--version'], limit);
    const [, major, minor] = /version: (\d+)\.(\d+)/.exec(output.ok ? output.text : '') ?? [];
    return Number(major) > 0 || Number(minor) >= 10;
  }

  function run(args: readonly string[], time: number) {
    return new Promise<{ ok: true; text: string } | { ok: false; reason: string }>((resolve) => {
      let text = '';
      let stopped: string | null = null;
      const { path } = program as Program;
      const child = spawn(path, args, {
        env: { ...env, SHELLCHECK_OPTS: '' },
        stdio: ['ignore', 'pipe', 'ignore'],
        // A group of its own, so that what it starts can be ended with it.
        detached: HAS_GROUPS,
        windowsHide: true,
      });
      running.add(child);
      const stop = (reason: string) => {
        stopped ??= reason;
        kill(child);
        // What has left the group may keep the pipe open.
        child.stdout.destroy();
      };
      const timer = setTimeout(() => stop(`${LATE} ${time / 1000} s without an answer`), time);
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.length > MOST_OUTPUT) stop('its answer is too long');
      });
      const done = (reason: string | null) => {
        clearTimeout(timer);
        running.delete(child);
        resolve(reason === null ? { ok: true, text } : { ok: false, reason });
      };
      child.on('error', (error) => done(`it cannot be started (${codeOf(error)})`));
      child.on('close', (code, signal) => {
        if (stopped !== null) done(stopped);
        else if (code === 0 || code === 1) done(null);
        else done(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`);
      });
    });
  }
}

const LATE = 'it was stopped after';
/** A script of which ShellCheck may well take its time. */
const LONG = 8_000;

/** Of the answer of one process, in UTF-16 code units. */
const MOST_OUTPUT = 100_000_000;

interface Program {
  readonly path: string;
  /** Names this very program, so that its version need not be asked for where all answers are known. */
  readonly id: string;
}

function findProgram(env: Readonly<Record<string, string | undefined>>): Program | null {
  const path = env.PATH ?? env.Path ?? '';
  for (const folder of path.split(delimiter)) {
    // An empty or relative part means the working directory, which is not ours to trust.
    if (!/^(?:\/|[A-Za-z]:[\\/])/.test(folder)) continue;
    for (const name of ['shellcheck', 'shellcheck.exe']) {
      try {
        const file = join(folder, name);
        const stat = statSync(file);
        const { size, mtimeMs, mode } = stat;
        if (!stat.isFile()) continue;
        if (name === 'shellcheck' && (mode & 0o111) === 0) continue;
        return { path: file, id: `native ${file} ${size} ${Math.floor(mtimeMs)}` };
      } catch {
        // Not there.
      }
    }
  }
  return null;
}

function writeScripts(folder: string, scripts: readonly string[]): readonly string[] {
  return scripts.map((script, index) => {
    const file = join(folder, `${index}.sh`);
    writeFileSync(file, script);
    return file;
  });
}

/** What comes nearest to BusyBox for a ShellCheck that does not know it. */
function withDash(script: string): string {
  return script.startsWith(BUSYBOX) ? script.replace(BUSYBOX, '#!/bin/dash') : script;
}

/** A folder that cannot be removed is not worth a word. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Something else holds a file of it open.
  }
}

const HAS_GROUPS = process.platform !== 'win32';

/** Ends a process and what it started. */
function kill(child: ChildProcess): void {
  try {
    if (HAS_GROUPS && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It is gone already.
  }
}

const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Cleans up where the process is told to end between `watch` and `leave`, and then lets it end as it would have. */
function onSignals(cleanUp: () => void): { watch(): void; leave(): void } {
  const onSignal = (signal: NodeJS.Signals) => {
    cleanUp();
    leave();
    // Who else listens decides what becomes of the process.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const leave = () => {
    for (const signal of ENDINGS) process.off(signal, onSignal);
  };
  return {
    watch() {
      leave();
      for (const signal of ENDINGS) process.on(signal, onSignal);
    },
    leave,
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}

function lanes(): number {
  return Math.min(availableParallelism(), 8);
}

function chunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const found: (readonly T[])[] = [];
  for (let at = 0; at < list.length; at += size) found.push(list.slice(at, at + size));
  return found;
}
