import type { Span } from '../model/span.js';

/**
 * A script as the shell parser is given it. `text[i]` stands at `offset + i` of the Dockerfile: what the shell must not
 * see (comment lines between continued lines, a carriage return) is blanked, never removed, so that every place maps
 * one to one. The same text is fit for ShellCheck.
 */
export interface ShellSource {
  readonly text: string;
  readonly offset: number;
}

export type Dialect = 'sh' | 'bash' | 'dash' | 'ash' | 'ksh' | 'zsh';

/** Shells whose scripts are not read as POSIX, and text that is no shell script at all (`#!/usr/bin/env python3`). */
export type ForeignShell = 'powershell' | 'cmd' | 'other';

/** A word of a command. */
export interface ShellWord {
  /** Quotes and escapes removed, expansions as written (`$VERSION`). */
  readonly value: string;
  /** As written. */
  readonly text: string;
  readonly span: Span;
  /** True where it holds no variable, substitution or glob: `value` is what the command gets. */
  readonly literal: boolean;
  /** Names of the variables that are expanded in it, each once. */
  readonly variables: readonly string[];
}

export interface CommandFlag {
  /** Canonical, with dashes: one letter of a cluster (`-rf` gives `-r` and `-f`) or the long name without `=`. */
  readonly name: string;
  /** The word it is part of. */
  readonly word: ShellWord;
  /** Text of the value, attached or in the next word; null where it has none. */
  readonly value: string | null;
  /** False where the value holds an expansion. True where there is no value. */
  readonly literal: boolean;
  /** Of the flag with its value. */
  readonly span: Span;
  /** True where the tool's table does not know it. */
  readonly unknown: boolean;
}

export interface Redirect {
  /** `>`, `>>`, `<`, `<<`, `<<<`, `2>` is `>` with descriptor 2, ... */
  readonly operator: string;
  readonly descriptor: number | null;
  readonly target: ShellWord | null;
  readonly span: Span;
}

export interface EnvAssignment {
  readonly name: string;
  /** Null for an array. */
  readonly value: ShellWord | null;
  readonly span: Span;
}

/** `sudo`, `env`, `xargs`, `sh -c`: what runs the command in place of the shell. */
export interface Wrapper {
  readonly name: string;
  readonly span: Span;
  readonly flags: readonly CommandFlag[];
}

/** What joins a command to the one after it in the same list. `|` binds within a pipeline. */
export type Joint = '&&' | '||' | ';' | '&' | '|' | '|&' | null;

/** What a command is nested in, outermost first. */
export type Nesting =
  | 'if-condition'
  | 'if-body'
  | 'loop-condition'
  | 'loop-body'
  | 'case'
  | 'function'
  | 'subshell'
  | 'group'
  | 'substitution'
  | 'process-substitution'
  | 'inner-script';

/** A simple command with its wrappers seen through. */
export interface Command {
  /**
   * Last part of the path of the program (`/usr/bin/apt-get` is `apt-get`), as the tool tables know it (`pip3` stays
   * `pip3`, see {@link tool}); empty where the name holds an expansion or there is only an assignment.
   */
  readonly name: string;
  /** Name of the option table that was used: `pip` for `pip3`, `yarn-berry` never (a rule decides that); null: none. */
  readonly tool: string | null;
  /** Null for a bare assignment or redirect. */
  readonly nameWord: ShellWord | null;
  /** The name and all that follows, without redirects and assignments before it. */
  readonly words: readonly ShellWord[];
  /**
   * Canonical subcommand where the tool has any: `install` for `npm i`, `""` for `yarn` alone where that means
   * something; several words joined by a space (`config set`). Null where the tool has none or none is known.
   */
  readonly subcommand: string | null;
  /** The (first) word of the subcommand as written; null where there is none. */
  readonly subcommandWord: ShellWord | null;
  readonly flags: readonly CommandFlag[];
  /** Words that are neither name, subcommand, flag nor a flag's value. */
  readonly operands: readonly ShellWord[];
  readonly redirects: readonly Redirect[];
  /** `NODE_ENV=production npm ci`; also those of `env`. */
  readonly assignments: readonly EnvAssignment[];
  /** Outermost first. */
  readonly wrappers: readonly Wrapper[];
  readonly nesting: readonly Nesting[];
  /** How it is joined to the next command of its list. */
  readonly next: Joint;
  /** How the previous command of its list is joined to it. */
  readonly previous: Joint;
  /** True where it may not run although the script succeeds: after `||`, in a branch, a loop or a function. */
  readonly conditional: boolean;
  /** Index into {@link Script.pipelines}; -1 where it stands alone. */
  readonly pipeline: number;
  /** Wrappers and assignments included, redirects included. */
  readonly span: Span;
}

export interface Pipeline {
  /** Indices into {@link Script.commands} of the simple commands at its ends and between; -1 for a compound one. */
  readonly members: readonly number[];
  /** Of each `|` between. */
  readonly pipes: readonly Span[];
  readonly span: Span;
  /** True where its status is not lost: the right side of a test, `|| true` follows, it stands in `if`. */
  readonly statusUnused: boolean;
}

/** `set -e`, `set -o pipefail`, `shopt`: options in effect from an offset on. */
export interface ShellOption {
  /** `errexit`, `pipefail`, `xtrace`, `nounset`; others by the letter or long name given. */
  readonly name: string;
  readonly on: boolean;
  readonly span: Span;
  /** Where it holds: from its place to the end of the (sub)shell that sets it. */
  readonly scope: Span;
}

/** All commands of one script, in the order in which they stand, nested ones and inner scripts among them. */
export interface Script {
  readonly source: ShellSource;
  readonly dialect: Dialect;
  readonly commands: readonly Command[];
  readonly pipelines: readonly Pipeline[];
  readonly options: readonly ShellOption[];
  /** Names assigned or exported anywhere in the script. */
  readonly assigned: ReadonlySet<string>;
  /** Where the parser lost its way; commands after that place may be missing. */
  readonly errors: readonly { readonly message: string; readonly span: Span }[];
}

/** True where one of the flags is there; `names` with their dashes. */
export function hasFlag(command: Command, ...names: readonly string[]): boolean {
  return command.flags.some((flag) => names.includes(flag.name));
}

/** The last of the flags with one of the names, as tools take it. */
export function findFlag(command: Command, ...names: readonly string[]): CommandFlag | undefined {
  return command.flags.findLast((flag) => names.includes(flag.name));
}
