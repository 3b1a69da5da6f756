import type { Fs } from '../context/types.js';
import type { Document } from '../dockerfile/ast.js';
import { decode } from '../dockerfile/decode.js';
import { readDocument } from '../dockerfile/read-document.js';
import type { AnalysisOptions } from '../facts/types.js';
import { rules } from '../rules/index.js';
import type { RemarksOf, ShellcheckSettings } from '../shellcheck/types.js';
import { contextAt, placeOf } from './context-of.js';
import type { CommentTool } from './control-comments.js';
import { startLint } from './lint.js';
import type { LintResult, PendingLint, RuleSettings } from './types.js';

/** What is the same for all files of a run. */
export interface LintRun {
  readonly fs: Fs;
  readonly cwd: string;
  /** `--context`, absolute; null: found for each file. */
  readonly context: string | null;
  readonly options: AnalysisOptions;
  /** `--only` was given. */
  readonly partial: boolean;
}

export interface LintedTarget extends LintResult {
  readonly document: Document;
  /** As shown; null: none was read. */
  readonly context: string | null;
  /** False for UTF-16 and the like, whose text is not what is on the disk. */
  readonly isText: boolean;
}

/** What holds for one file. */
export interface TargetConfig {
  readonly settings: RuleSettings;
  /** Whose comments silence findings. */
  readonly comments: ReadonlySet<CommentTool>;
  readonly shellcheck: ShellcheckSettings | null;
}

/** A file whose rules have run; see {@link PendingLint}. */
export interface PendingTarget extends Omit<PendingLint, 'finish'> {
  finish(remarksOf: RemarksOf | null): LintedTarget;
}

/**
 * Parses one file and runs its rules.
 *
 * @param path where the file stands, absolute; null: nowhere, so that only `--context` gives it a build context.
 * @param display the path as shown.
 */
export function startTarget(
  run: LintRun,
  bytes: Uint8Array,
  path: string | null,
  display: string,
  { settings, comments, shellcheck }: TargetConfig,
): PendingTarget {
  const decoded = decode(bytes, display);
  const document = readDocument(decoded);
  const place = decoded.isText ? placeOf(run, path, document) : null;
  const context = place && contextAt(run, place, path);
  const { options, partial } = run;
  const isShellchecked = decoded.isText ? shellcheck : null;
  const input = { document, settings, context, options, partial, comments, shellcheck: isShellchecked };
  const { scripts, finish } = startLint(input, rules);
  return {
    scripts,
    finish(remarksOf) {
      const result = finish(remarksOf);
      const findings = decoded.isText ? result.findings : result.findings.filter(({ rule }) => rule === ENCODING);
      const isText = decoded.problem === null;
      return { ...result, findings, document, context: context?.displayRoot ?? null, isText };
    },
  };
}

const ENCODING = 'syntax/encoding';
