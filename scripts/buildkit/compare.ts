import { existsSync, readFileSync } from 'node:fs';
import { effectiveConfig } from '../../src/config/effective.js';
import { NO_OVERRIDES } from '../../src/config/types.js';
import { openContext } from '../../src/context/build-context.js';
import { createMemoryFs } from '../../src/context/memory-fs.js';
import type { Document } from '../../src/dockerfile/ast.js';
import { parse } from '../../src/dockerfile/parse.js';
import { lint } from '../../src/engine/lint.js';
import { analyse } from '../../src/facts/analyse.js';
import type { Finding, Severity } from '../../src/model/finding.js';
import { createSource, locate } from '../../src/model/source.js';
import { rules } from '../../src/rules/index.js';
import { CHECKS } from './checks.js';

/** What BuildKit says of its own test files, where it is at hand. */
const shared = new URL('../../../shared/', import.meta.url);
export const hasShared = existsSync(new URL('conformance/buildkit-lint.json', shared));

/** One line of BuildKit's answer; `level` 1 is a warning, and there is no other. */
export interface Warning {
  readonly rule: string;
  readonly line: number;
  readonly level: number;
}

/** One entry of `buildkit-lint.json`. */
export interface BuildkitCase {
  readonly id: string;
  readonly dockerfile: string;
  readonly expect: readonly Warning[];
  /** False where only the error below is known. */
  readonly expectChecked?: boolean;
  /** What a build of the last stage alone says. */
  readonly expectBuild?: readonly Warning[];
  readonly context?: Readonly<Record<string, string>>;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** The value of `--build-arg BUILDKIT_DOCKERFILE_CHECK`. */
  readonly checkOverride?: string;
  /** `inCheck` false: only a real build comes to it. */
  readonly buildError?: { readonly message?: string; readonly line: number; readonly inCheck: boolean };
}

/** One entry of `buildkit-docs.json`. */
export interface BuildkitPage {
  readonly rule: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly details: readonly PageExample[];
}

export interface PageExample {
  readonly kind: 'good' | 'bad' | 'other';
  readonly dockerfile: string;
  /**
   * `contradiction`: BuildKit itself answers otherwise. `fragment`: there is no FROM. `elided`: lines of `...`. `remote`:
   * silent only because of what the base image holds.
   */
  readonly status?: string;
  readonly docLine: number;
}

export function readBuildkitCases(): readonly BuildkitCase[] {
  return hasShared ? JSON.parse(readFileSync(new URL('conformance/buildkit-lint.json', shared), 'utf8')) : [];
}

export function readBuildkitPages(): readonly BuildkitPage[] {
  return hasShared ? JSON.parse(readFileSync(new URL('conformance/buildkit-docs.json', shared), 'utf8')) : [];
}

/** The check of BuildKit that each rule stands for. */
export const checkOf: ReadonlyMap<string, string> = new Map(
  rules.flatMap((rule) => rule.aliases.filter((name) => CHECKS.includes(name)).map((check) => [rule.id, check])),
);

/** A finding as BuildKit states it. */
export interface Answer {
  readonly rule: string;
  readonly line: number;
  readonly severity: Severity;
  /** True where the last stage does not need the one that holds it. */
  readonly isUnreachable: boolean;
}

export interface CheckAnswer {
  readonly warnings: readonly Answer[];
  /** Lines of what stops a build: findings of the family `syntax` that are errors. */
  readonly errors: readonly number[];
}

/** Runs a file under `--preset buildkit`. */
export function check({
  dockerfile,
  context = {},
  buildArgs = {},
  checkOverride,
}: Pick<BuildkitCase, 'dockerfile' | 'context' | 'buildArgs' | 'checkOverride'>): CheckAnswer {
  const root = '/context';
  const files = { ...context, Dockerfile: dockerfile };
  const fs = createMemoryFs(Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text])));
  const document = parse(createSource('Dockerfile', dockerfile));
  const given = new Map(Object.entries(buildArgs));
  if (checkOverride !== undefined) given.set('BUILDKIT_DOCKERFILE_CHECK', checkOverride);
  const options = { target: null, buildArgs: given, now: new Date('2026-11-23') };
  const opened = openContext(fs, {
    root,
    displayRoot: '.',
    dockerfile: `${root}/Dockerfile`,
    certainty: 'given',
  });
  const { findings } = lint({ document, settings: presetSettings(), context: opened, options }, rules);
  const { stages } = analyse({ document, context: opened, options });
  const told = findings.filter(({ suppressed }) => !suppressed);
  return {
    warnings: told.flatMap((finding) => {
      const rule = checkOf.get(finding.rule);
      if (rule === undefined) return [];
      const { stage, line } = placeOf(finding, document);
      return [{ rule, line, severity: finding.severity, isUnreachable: stages[stage]?.role === 'unreachable' }];
    }),
    errors: told
      .filter(({ rule, severity }) => rule.startsWith('syntax/') && severity === 'error')
      .map((finding) => placeOf(finding, document).line),
  };
}

function presetSettings() {
  return effectiveConfig(null, { ...NO_OVERRIDES, presets: ['buildkit'] }, '/context/Dockerfile', rules).settings;
}

/** BuildKit names the first line of the instruction, save for a blank line in it, for which it names the last. */
function placeOf({ at, rule }: Finding, document: Document): { readonly stage: number; readonly line: number } {
  const holder = document.instructions.find(
    ({ span, leadingComments }) =>
      (leadingComments[0]?.span.start ?? span.start) <= at.span.start && at.span.start < span.end,
  );
  // A comment further up belongs to the instruction below it too.
  const owner = holder ?? document.instructions.find(({ span }) => at.span.start < span.end);
  const span = owner?.span ?? at.span;
  const offset = checkOf.get(rule) === 'NoEmptyContinuation' ? span.end - 1 : span.start;
  return { stage: owner?.stage ?? -1, line: locate(document.source, offset).line };
}

/** `FromAsCasing:3`, sorted, for a comparison of two answers. */
export function keysOf(answer: readonly { readonly rule: string; readonly line: number }[]): readonly string[] {
  return answer.map(({ rule, line }) => `${rule}:${line}`).sort();
}

/** The example of a page as BuildKit would be given it, and whether the check speaks. Null where nobody can tell. */
export function exampleOf(
  { rule, context }: BuildkitPage,
  { kind, dockerfile, status }: PageExample,
): { readonly dockerfile: string; readonly context: Readonly<Record<string, string>>; readonly fires: boolean } | null {
  if (kind === 'other') return null;
  const whole = status === 'fragment' ? `FROM scratch\n${dockerfile}` : dockerfile;
  const asked = rule === 'InvalidDefinitionDescription' ? `# check=experimental=${rule}\n${whole}` : whole;
  const fires = status === 'contradiction' ? kind === 'good' : kind === 'bad';
  return { dockerfile: asked.replace(/^\.\.\.$/gm, ''), context: context ?? {}, fires };
}
