import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';

/**
 * A Dockerfile as BuildKit reads it. Deeply immutable; every span is in offsets of `source.text`.
 *
 * {@link https://docs.docker.com/reference/dockerfile/} is the reference for the meaning of each part.
 */
export interface Document {
  readonly source: SourceFile;
  readonly escape: '\\' | '`';
  /** `# syntax=`, `# escape=`, `# check=` at the top, in order. Only those that BuildKit takes. */
  readonly directives: readonly Directive[];
  /** All comment lines, directives not among them; also those inside continued instructions. */
  readonly comments: readonly Comment[];
  /** Every instruction in order, FROM and those before the first FROM among them. */
  readonly instructions: readonly Instruction[];
  /** Instructions before the first FROM; in a valid file only ARG. */
  readonly preamble: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** What BuildKit would refuse, or take otherwise than written. Sorted by place. */
  readonly problems: readonly SyntaxProblem[];
}

export interface Directive {
  /** Lower case. */
  readonly name: 'syntax' | 'escape' | 'check';
  readonly nameSpan: Span;
  readonly value: string;
  readonly valueSpan: Span;
  /** The whole line without its end. */
  readonly span: Span;
}

export interface Comment {
  /** From `#` to the end of the line. */
  readonly span: Span;
  /** The text after `#`, trimmed. */
  readonly text: string;
  /** True where it stands inside a continued instruction. */
  readonly inside: boolean;
}

export interface Stage {
  /** From 0, as `COPY --from=0` counts. */
  readonly index: number;
  readonly from: FromInstruction;
  /** Lower case, as BuildKit compares names; null where the stage has none. */
  readonly name: string | null;
  /** FROM itself is the first. */
  readonly instructions: readonly Instruction[];
  /** From FROM to the end of its last instruction. */
  readonly span: Span;
}

/** Something that a `syntax/*` rule reports; `kind` picks the rule. */
export interface SyntaxProblem {
  readonly kind: SyntaxProblemKind;
  /** What is wrong and what BuildKit does about it; a sentence without a full stop. */
  readonly message: string;
  /** What to write instead; null where there is nothing more to say. */
  readonly help: string | null;
  /** Never empty. */
  readonly span: Span;
  /** A replacement for `span` that is very likely meant ("did you mean"). */
  readonly suggestion: string | null;
  /** True where BuildKit refuses the file. */
  readonly fatal: boolean;
  /** True where the frontend that the file asks for with `# syntax=` may know what docker/dockerfile does not. */
  readonly uncertain?: boolean;
  /** Second places that explain it. */
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
  /** What puts it right where that is more than {@link suggestion} in the place of {@link span}. */
  readonly remedy?: SyntaxRemedy;
}

export interface SyntaxRemedy {
  /** True where the image stays the same. */
  readonly safe: boolean;
  /** An imperative without a full stop. */
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}

/** One rule of the `syntax` family for each, of the same name; `instruction/valid-onbuild` for `invalid-trigger`. */
export type SyntaxProblemKind =
  | 'unknown-instruction'
  | 'unknown-flag'
  | 'missing-arguments'
  | 'extra-arguments'
  | 'invalid-json-form'
  | 'unterminated-heredoc'
  | 'empty-continuation'
  | 'invalid-flag-value'
  | 'invalid-directive'
  | 'invalid-image-reference'
  | 'invalid-value'
  | 'invalid-expansion'
  | 'invalid-trigger'
  | 'misplaced-instruction'
  | 'no-instructions'
  | 'encoding';

export type Keyword =
  | 'ADD'
  | 'ARG'
  | 'CMD'
  | 'COPY'
  | 'ENTRYPOINT'
  | 'ENV'
  | 'EXPOSE'
  | 'FROM'
  | 'HEALTHCHECK'
  | 'LABEL'
  | 'MAINTAINER'
  | 'ONBUILD'
  | 'RUN'
  | 'SHELL'
  | 'STOPSIGNAL'
  | 'USER'
  | 'VOLUME'
  | 'WORKDIR';

/** A word of an instruction as written, before variables are expanded and quotes removed. */
export interface Word {
  /** As BuildKit sees it: line continuations and comment lines in it taken out, quotes and `$` kept. */
  readonly text: string;
  readonly span: Span;
}

/** A string of an exec form. */
export interface JsonString {
  /** Decoded. */
  readonly value: string;
  /** With its quotes. */
  readonly span: Span;
}

/** `--name=value` between the keyword and the arguments. */
export interface Flag {
  /** Without the dashes; case as written. */
  readonly name: string;
  readonly nameSpan: Span;
  /** Null where there is no `=`. As written. */
  readonly value: Word | null;
  /** From the first dash. */
  readonly span: Span;
}

/** One here-document of an instruction. */
export interface Heredoc {
  /** The delimiter without quotes. */
  readonly name: string;
  /** 0 unless written (`3<<EOF`). */
  readonly fileDescriptor: number;
  /** False where the delimiter was quoted: the body is literal. */
  readonly expand: boolean;
  /** `<<-`: leading tabs are taken off. */
  readonly chomp: boolean;
  /** From the descriptor or `<<` to the end of the delimiter word. */
  readonly marker: Span;
  /** The lines between, with their line ends; empty span where there are none. */
  readonly body: Span;
  /** Content of `body`, before {@link chomp} and expansion. */
  readonly content: string;
  /** The closing line's word; null where the file ends before it. */
  readonly terminator: Span | null;
}

/** `key=value`, or the old `key value`. */
export interface KeyValue {
  /** As written. */
  readonly key: Word;
  /** Null for `ARG name` alone. As written. */
  readonly value: Word | null;
  readonly span: Span;
  /** True for ENV and LABEL in the form without `=`. */
  readonly legacy: boolean;
}

/** The command of RUN, CMD, ENTRYPOINT, HEALTHCHECK CMD. */
export type CommandForm = ExecForm | ShellForm;

export interface ExecForm {
  readonly form: 'exec';
  readonly strings: readonly JsonString[];
  /** With its brackets. */
  readonly span: Span;
}

export interface ShellForm {
  readonly form: 'shell';
  /** The command line without the bodies of its heredocs. Empty span where nothing was written. */
  readonly span: Span;
  /** True where it begins with `[` and is meant as an exec form but is not JSON. */
  readonly failedJson: boolean;
}

interface InstructionBase {
  /** As written. */
  readonly keywordText: string;
  readonly keywordSpan: Span;
  /** Keyword to the last character, heredocs included, without the line end. */
  readonly span: Span;
  readonly flags: readonly Flag[];
  /** What follows keyword and flags on the logical line, trimmed; an empty span where nothing does. */
  readonly argumentsSpan: Span;
  /** {@link argumentsSpan} as BuildKit sees it: continuations joined, comment lines out. */
  readonly argumentsText: string;
  /** The words of the arguments; for an exec form, none. */
  readonly words: readonly Word[];
  readonly heredocs: readonly Heredoc[];
  /** Comment lines directly above, no blank line between; top to bottom. */
  readonly leadingComments: readonly Comment[];
  /** Index of its stage; -1 before the first FROM. */
  readonly stage: number;
  /** The ONBUILD that it is the trigger of. */
  readonly onbuild: boolean;
}

export interface FromInstruction extends InstructionBase {
  readonly keyword: 'FROM';
  /** Null where the argument is missing. */
  readonly image: Word | null;
  /** The word `AS`, in its written case. */
  readonly as: Word | null;
  readonly name: Word | null;
}

export interface RunInstruction extends InstructionBase {
  readonly keyword: 'RUN';
  readonly command: CommandForm;
  readonly mounts: readonly Mount[];
}

/** `RUN --mount=...`, in order. */
export interface Mount {
  readonly flag: Flag;
  /** `bind` where not written. */
  readonly type: string;
  /** Keys in lower case; `src`, `dst` and `destination` under `source` and `target`. A key without value is `true`. */
  readonly options: ReadonlyMap<string, string>;
}

export interface CmdInstruction extends InstructionBase {
  readonly keyword: 'CMD';
  readonly command: CommandForm;
}

export interface EntrypointInstruction extends InstructionBase {
  readonly keyword: 'ENTRYPOINT';
  readonly command: CommandForm;
}

export interface ShellInstruction extends InstructionBase {
  readonly keyword: 'SHELL';
  /** Null where it is not valid JSON. */
  readonly command: ExecForm | null;
}

export interface HealthcheckInstruction extends InstructionBase {
  readonly keyword: 'HEALTHCHECK';
  /** `other` for a type that BuildKit refuses. */
  readonly type: 'NONE' | 'CMD' | 'other' | null;
  readonly command: CommandForm | null;
}

/** COPY and ADD: where files come from and go to. */
interface CopyLike extends InstructionBase {
  /** Heredoc markers are not among them. Exec-form words carry their decoded text. */
  readonly sources: readonly Word[];
  readonly destination: Word | null;
  /** True for the JSON form. */
  readonly exec: boolean;
  /** True where brackets show that the JSON form was meant: no word is a path then. */
  readonly failedJson: boolean;
}

export interface CopyInstruction extends CopyLike {
  readonly keyword: 'COPY';
  /** The value of `--from`. */
  readonly from: Word | null;
}

export interface AddInstruction extends CopyLike {
  readonly keyword: 'ADD';
}

export interface PairsInstruction extends InstructionBase {
  readonly keyword: 'ENV' | 'LABEL' | 'ARG';
  readonly pairs: readonly KeyValue[];
}

export interface VolumeInstruction extends InstructionBase {
  readonly keyword: 'VOLUME';
  /** Decoded where the JSON form was used. */
  readonly paths: readonly Word[];
  readonly exec: boolean;
}

export interface OnbuildInstruction extends InstructionBase {
  readonly keyword: 'ONBUILD';
  /** Null where there is none or it cannot be read. Its spans are of the file. */
  readonly trigger: Instruction | null;
}

export interface SimpleInstruction extends InstructionBase {
  readonly keyword: 'EXPOSE' | 'MAINTAINER' | 'STOPSIGNAL' | 'USER' | 'WORKDIR';
}

/** A keyword that BuildKit does not know. */
export interface UnknownInstruction extends InstructionBase {
  readonly keyword: 'UNKNOWN';
}

export type Instruction =
  | FromInstruction
  | RunInstruction
  | CmdInstruction
  | EntrypointInstruction
  | ShellInstruction
  | HealthcheckInstruction
  | CopyInstruction
  | AddInstruction
  | PairsInstruction
  | VolumeInstruction
  | OnbuildInstruction
  | SimpleInstruction
  | UnknownInstruction;

/** The instructions that a keyword can stand for: `InstructionOf<'COPY'>` is {@link CopyInstruction}. */
export type InstructionOf<K extends Instruction['keyword']> = { [I in Instruction as I['keyword']]: I }[K];
