import { openContext } from '../../src/context/build-context.js';
import { createMemoryFs } from '../../src/context/memory-fs.js';
import type { BuildContext } from '../../src/context/types.js';
import { decode } from '../../src/dockerfile/decode.js';
import { readDocument } from '../../src/dockerfile/read-document.js';
import { lint } from '../../src/engine/lint.js';
import type { LintResult, RuleSettings } from '../../src/engine/types.js';
import type { PublishedPlatforms } from '../../src/facts/types.js';
import type { FileReport, Report } from '../../src/model/report.js';
import type { OptionSpecs, Rule } from '../../src/rules/define-rule.js';
import { rules } from '../../src/rules/index.js';

export type Encoding = 'utf8' | 'latin1' | 'utf16le';

/** What a case sets beside its files; the keys of `case.json`. */
export interface CaseSettings {
  /** Options of the rule that is tested. */
  readonly options?: Readonly<Record<string, unknown>>;
  /**
   * Further rules that are on, for a rule that speaks of what others report. Only findings of the tested rule count, and
   * suppressions are judged as in a full run.
   */
  readonly rules?: readonly string[];
  /** The day that end-of-life dates are judged by; 2026-11-23 where it is not said. */
  readonly now?: string;
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Name of the Dockerfile in the folder; `Dockerfile` where it is not said. */
  readonly dockerfile?: string;
  /** False: linted as standard input is, without a context. */
  readonly context?: boolean;
  /** Files that cannot be checked in, such as `.git/HEAD`: path to content. */
  readonly files?: Readonly<Record<string, string>>;
  /** Paths of files that have the execute bit. */
  readonly executable?: readonly string[];
  /** How the Dockerfile's text comes to bytes; UTF-8 where it is not said. */
  readonly encoding?: Encoding;
  /** Why the case is there. */
  readonly note?: string;
}

export interface LintedCase extends LintResult {
  readonly file: FileReport;
}

/** Default values of a rule's options. */
export function defaultOptions(specs: OptionSpecs): Record<string, unknown> {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default]));
}

/** Settings in which only one rule is on. */
export function onlyRule(rule: Rule, options: Readonly<Record<string, unknown>> = {}): RuleSettings {
  const values = { ...defaultOptions(rule.options), ...options };
  return new Map([[rule.id, { severity: rule.severity, explicit: false, varies: true, options: values }]]);
}

/** Settings of a case: its rule, and the further ones that it names. */
export function settingsOf(rule: Rule, { options, rules: further = [] }: CaseSettings): RuleSettings {
  return new Map([...further.flatMap((id) => [...onlyRule(ruleNamed(id))]), ...onlyRule(rule, options)]);
}

/** The same with the findings of one rule alone. */
export function onlyFindingsOf(rule: string, linted: LintedCase): LintedCase {
  const findings = linted.findings.filter((finding) => finding.rule === rule);
  return { ...linted, findings, file: { ...linted.file, findings } };
}

/** Stands for what registries answer, and is no file of the context: name of an image to its platforms. */
const REGISTRY = 'registry.json';

/** Lints one Dockerfile of a set of files that stand for the build context. */
export function lintFiles(
  files: Readonly<Record<string, string>>,
  settings: RuleSettings,
  {
    dockerfile = 'Dockerfile',
    context = true,
    now = '2026-11-23',
    target,
    buildArgs = {},
    encoding = 'utf8',
    executable = [],
    rules: further,
  }: CaseSettings = {},
): LintedCase {
  const { [REGISTRY]: registry, ...all } = files;
  const published: Readonly<Record<string, PublishedPlatforms>> = JSON.parse(registry ?? '{}');
  const root = '/context';
  const fs = createMemoryFs(all, { base: root, executable });
  const decoded = decode(Buffer.from(files[dockerfile] ?? '', encoding), dockerfile);
  const document = readDocument(decoded);
  const opened: BuildContext | null = context
    ? openContext(fs, { root, displayRoot: '.', dockerfile: `${root}/${dockerfile}`, certainty: 'given' })
    : null;
  const result = lint(
    {
      document,
      settings,
      context: opened,
      options: {
        target: target ?? null,
        buildArgs: new Map(Object.entries(buildArgs)),
        now: new Date(now),
        ...(registry === undefined ? {} : { published: ({ familiarName }) => published[familiarName] ?? null }),
      },
      partial: further === undefined,
    },
    rules,
  );
  return { ...result, file: { source: document.source, context: opened ? '.' : null, findings: result.findings } };
}

/** A report of one file, fit for a reporter. */
export function reportOf(file: FileReport): Report {
  const infos = rules.map(
    (rule) => [rule.id, { ...rule, url: `https://plimsoll.invalid/docs/rules/${rule.id}.md` }] as const,
  );
  return { tool: { name: 'plimsoll', version: '0.0.0' }, files: [file], failures: [], rules: new Map(infos) };
}

export function ruleNamed(id: string): Rule {
  const found = rules.find((rule) => rule.id === id);
  if (!found) throw new Error(`there is no rule ${id}`);
  return found;
}
