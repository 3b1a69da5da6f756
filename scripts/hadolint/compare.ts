import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { effectiveConfig } from '../../src/config/effective.js';
import { readHadolint } from '../../src/config/hadolint.js';
import { withEnvironment } from '../../src/config/load-hadolint.js';
import type { ConfigNode } from '../../src/config/tree.js';
import { type Config, NO_OVERRIDES } from '../../src/config/types.js';
import type { Document } from '../../src/dockerfile/ast.js';
import { parse } from '../../src/dockerfile/parse.js';
import { lint } from '../../src/engine/lint.js';
import type { RuleSettings } from '../../src/engine/types.js';
import type { Finding } from '../../src/model/finding.js';
import { createSource, locate } from '../../src/model/source.js';
import { rules } from '../../src/rules/index.js';

/** What other linters say of real files, where it is at hand. */
const shared = new URL('../../../shared/', import.meta.url);
export const hasShared = existsSync(new URL('conformance/hadolint-rules.json', shared));

/** One entry of `hadolint-rules.json`. */
export interface HadolintCase {
  readonly id: string;
  /** A code; `SC`: any of ShellCheck's; `*`: any finding at all. */
  readonly rule: string;
  readonly name: string;
  readonly dockerfile: string;
  readonly expect: 'fires' | 'silent';
  readonly count?: number;
  readonly config?: CaseConfig;
}

interface CaseConfig {
  readonly trustedRegistries?: readonly string[];
  readonly labelSchema?: Readonly<Record<string, string>>;
  readonly strictLabels?: boolean;
  readonly ignored?: readonly string[];
}

export function readHadolintCases(): readonly HadolintCase[] {
  return hasShared ? JSON.parse(readFileSync(new URL('conformance/hadolint-rules.json', shared), 'utf8')) : [];
}

/** Code and default level (`ignore`: off) of every rule of hadolint. */
export function readHadolintLevels(): readonly { readonly code: string; readonly level: string }[] {
  return hasShared ? JSON.parse(readFileSync(new URL('conformance/hadolint-codes.json', shared), 'utf8')) : [];
}

/** The code of hadolint that each rule stands for. */
export const codeOf: ReadonlyMap<string, string> = new Map(
  rules.flatMap((rule) => rule.aliases.filter((alias) => /^DL\d{4}$/.test(alias)).map((code) => [rule.id, code])),
);

/** Runs a case under the preset; its rule is on even where hadolint has it off by default. Null: no rule has the code. */
export function answerCase(one: HadolintCase): { readonly lines: readonly number[] } | null {
  const code = one.rule;
  if (code === PARSE_ERROR) return { lines: syntaxErrors(one.dockerfile) };
  if (code !== '*' && ![...codeOf.values()].includes(code)) return null;
  const settings = presetSettings(code === '*' ? [] : [code], configOf(one.config ?? {}));
  const found = answersOf(one.dockerfile, settings);
  return { lines: found.filter((answer) => code === '*' || answer.code === code).map(({ line }) => line) };
}

/** What hadolint says of a file that it cannot read; here it is what rules of the family `syntax` find. */
const PARSE_ERROR = 'DL1000';

function syntaxErrors(text: string): readonly number[] {
  const { findings, document } = lintAs(text, presetSettings(), 'Dockerfile');
  const errors = findings.filter(({ rule, severity }) => rule.startsWith('syntax/') && severity === 'error');
  return errors.map((finding) => lineOf(finding, document));
}

/** True where an answer of {@link answerCase} is what hadolint's own test expects. */
export function isAsExpected(
  { expect, count }: HadolintCase,
  { lines }: { readonly lines: readonly number[] },
): boolean {
  return lines.length > 0 === (expect === 'fires') && lines.length === (count ?? lines.length);
}

/** The configuration of a case, read as if it stood in a .hadolint.yaml. */
function configOf({ labelSchema, strictLabels, ...same }: CaseConfig): Config {
  const file = { ...same, 'label-schema': labelSchema ?? null, 'strict-labels': strictLabels ?? null };
  const { settings } = readHadolint(nodeOf(file), createSource('.hadolint.yaml', ''));
  return withEnvironment(null, settings, rules);
}

function nodeOf(value: unknown): ConfigNode {
  const span = { start: 0, end: 0 };
  if (Array.isArray(value)) return { kind: 'list', items: value.map(nodeOf), span };
  if (typeof value === 'string' || typeof value === 'boolean') return { kind: 'scalar', value, span };
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', value: null, span };
  const entries = Object.entries(value).map(([key, inner]) => ({ key, keySpan: span, value: nodeOf(inner) }));
  return { kind: 'map', entries, span };
}

/** A finding as hadolint states it: `line` is that on which the instruction begins. */
export interface Answer {
  readonly line: number;
  readonly code: string;
  readonly finding: Finding;
}

export function presetSettings(on: readonly string[] = [], config: Config | null = null): RuleSettings {
  const rulesOn = on.map((code) => `${code}=on`);
  return effectiveConfig(config, { ...NO_OVERRIDES, presets: ['hadolint'], rules: rulesOn }, '/Dockerfile', rules)
    .settings;
}

/** Findings that have a code of hadolint, each instruction once a code, as hadolint has it. */
export function answersOf(text: string, settings: RuleSettings, path = 'Dockerfile'): readonly Answer[] {
  const { findings, document } = lintAs(text, settings, path);
  const answers = new Map<string, Answer>();
  for (const finding of findings) {
    const code = codeOf.get(finding.rule);
    if (code === undefined || finding.suppressed) continue;
    const line = lineOf(finding, document);
    answers.set(`${line}:${code}`, { line, code, finding });
  }
  return [...answers.values()];
}

function lintAs(text: string, settings: RuleSettings, path: string) {
  const document = parse(createSource(path, text));
  const options = { target: null, buildArgs: new Map<string, string>(), now: new Date('2026-11-23') };
  const { findings } = lint({ document, settings, context: null, options }, rules);
  return { findings, document };
}

/** The line on which the instruction of a finding begins. */
export function lineOf({ at }: Finding, document: Document): number {
  const holder = document.instructions.find(({ span }) => span.start <= at.span.start && at.span.start < span.end);
  return locate(document.source, holder?.span.start ?? at.span.start).line;
}

/** One line of hadolint's own answer on the corpus. */
export interface CorpusFinding {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

export interface CorpusComparison {
  /** `FILE:LINE:CODE` of each side; files that hadolint cannot read (DL1000) are left out of both. */
  readonly theirs: ReadonlySet<string>;
  readonly ours: ReadonlySet<string>;
}

/** Compares the findings of hadolint's own rules (not ShellCheck's) on the corpus. */
export function compareCorpus(): CorpusComparison {
  const all = readCorpusFindings();
  const unread = new Set(all.filter(({ code }) => code === 'DL1000').map(({ file }) => file));
  const theirs = all.filter(({ file, code }) => code.startsWith('DL') && !unread.has(file));
  const settings = presetSettings();
  const ours = new Set<string>();
  for (const file of readdirSync(new URL('corpus/', shared)).filter((name) => name.endsWith('.Dockerfile'))) {
    if (unread.has(file)) continue;
    const text = corpusText(file);
    for (const { line, code } of answersOf(text, settings, file)) ours.add(`${file}:${line}:${code}`);
  }
  return { theirs: new Set(theirs.map(({ file, line, code }) => `${file}:${line}:${code}`)), ours };
}

export const corpusFolder = new URL('corpus/', shared);

export function corpusText(file: string): string {
  return readFileSync(new URL(file, corpusFolder), 'utf8');
}

/** All that hadolint says of the corpus. */
export function readCorpusFindings(): readonly CorpusFinding[] {
  return JSON.parse(readFileSync(new URL('hadolint-findings.json', corpusFolder), 'utf8'));
}
