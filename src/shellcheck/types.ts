import type { RunInstruction } from '../dockerfile/ast.js';
import type { Severity } from '../model/finding.js';
import type { Frame } from '../shell/frame.js';
import type { Dialect, Script } from '../shell/types.js';

/**
 * One remark of ShellCheck on one script. Lines and columns count from 1, columns by code point, a tab being one; ends are
 * exclusive.
 */
export interface Remark {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** `2086` of SC2086. */
  readonly code: number;
  readonly level: Severity;
  readonly message: string;
  /** Null where ShellCheck offers no change. */
  readonly fix: readonly Replacement[] | null;
}

/** A part of a fix; an empty range inserts. Places as those of {@link Remark}. */
export interface Replacement {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

/** What an engine says of one script: its remarks, or why there are none. */
export type Answer =
  | { readonly ok: true; readonly remarks: readonly Remark[] }
  | {
      readonly ok: false;
      readonly reason: string;
      /** True where it is the script's own doing, so that no other engine need be asked. */
      readonly isFinal?: boolean;
    };

/** A ShellCheck that takes scripts. */
export interface Engine {
  /** What results are kept under: the kind of the engine and its version. */
  readonly id: string;
  /** One answer for each script, in order; never rejects. */
  check(scripts: readonly string[]): Promise<readonly Answer[]>;
  /** Ends its workers; it is not used after that. */
  close(): void;
}

/** A script of a RUN as ShellCheck is given it, with the way back to the Dockerfile. */
export interface CheckedScript {
  readonly instruction: RunInstruction;
  /** Whole: a `#!` line, a line with the variables that are set outside, and the script from {@link BODY_LINE} on. */
  readonly text: string;
  /** The script itself, each code unit at its place in the Dockerfile. */
  readonly frame: Frame;
  /** True for the text of the instruction, into which a fix may put no line end. */
  readonly isJoined: boolean;
  /** The same as plimsoll itself reads it. */
  readonly script: Script;
  /** Of the shell that will read it; null where nobody knows, and it is read as POSIX sh. */
  readonly dialect: Dialect | null;
}

/** The line of {@link CheckedScript.text} on which the script itself begins. */
export const BODY_LINE = 3;

/** What ShellCheck says of a script by its text; null: nobody knows, since it could not be checked. */
export type RemarksOf = (text: string) => readonly Remark[] | null;

/** What holds for ShellCheck's findings on one file. */
export interface ShellcheckSettings {
  /** Codes with a severity that the user chose; null: off. */
  readonly codes: ReadonlyMap<string, Severity | null>;
  /** Only these; null: all. */
  readonly only: ReadonlySet<string> | null;
  /** As `semantics` of a rule: hadolint reads every script as POSIX sh unless SHELL says otherwise. */
  readonly semantics: 'plimsoll' | 'hadolint';
}
