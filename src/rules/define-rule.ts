import type { Document } from '../dockerfile/ast.js';
import type { Facts } from '../facts/types.js';
import type { Edit, Fix, FixKind, Place, Related, Severity } from '../model/finding.js';
import { brief } from '../model/shorten.js';
import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';

export { findFlag, hasFlag } from '../shell/types.js';

/** Sets of rules that a configuration can name. `all` has every rule and is not written on one. */
export type PresetName = 'recommended' | 'strict';

const CATEGORIES = ['correctness', 'cache', 'size', 'security', 'runtime', 'reproducibility', 'style'] as const;
export type Category = (typeof CATEGORIES)[number];

/** An option that a rule takes; made by {@link list}, {@link text}, {@link number}, {@link flag}. */
export type OptionSpec =
  | { readonly kind: 'list'; readonly describe: string; readonly default: readonly string[] }
  | {
      readonly kind: 'text';
      readonly describe: string;
      readonly default: string;
      readonly values: readonly string[] | null;
    }
  | { readonly kind: 'number'; readonly describe: string; readonly default: number; readonly minimum: number }
  | { readonly kind: 'flag'; readonly describe: string; readonly default: boolean };

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export type OptionValues<O extends OptionSpecs> = { readonly [K in keyof O]: O[K]['default'] };

export function list(spec: { describe: string; default?: readonly string[] }): OptionSpec & { kind: 'list' } {
  return { kind: 'list', describe: spec.describe, default: spec.default ?? [] };
}

export function text(spec: {
  describe: string;
  default: string;
  values?: readonly string[];
}): OptionSpec & { kind: 'text' } {
  return { kind: 'text', describe: spec.describe, default: spec.default, values: spec.values ?? null };
}

export function number(spec: { describe: string; default: number; minimum?: number }): OptionSpec & { kind: 'number' } {
  return { kind: 'number', describe: spec.describe, default: spec.default, minimum: spec.minimum ?? 0 };
}

export function flag(spec: { describe: string; default?: boolean }): OptionSpec & { kind: 'flag' } {
  return { kind: 'flag', describe: spec.describe, default: spec.default ?? false };
}

/** A linter whose users come here, with a preset of its name that answers as it does. */
export type OtherLinter = 'hadolint' | 'buildkit';

/**
 * Whose reading of a rule holds where plimsoll's own is more careful than the other linter's. The preset of that name
 * sets it, so that who arrives from there sees what is familiar.
 */
export function semantics<const L extends OtherLinter>(...linters: readonly L[]) {
  return {
    kind: 'text',
    describe: `Whose reading of the rule holds: our own, or that of ${linters.join(' or ')}`,
    default: 'plimsoll' as 'plimsoll' | L,
    values: ['plimsoll', ...linters],
  } as const satisfies OptionSpec;
}

/** What another linter makes of a rule that it has too. */
export interface Like<O extends OptionSpecs = OptionSpecs> {
  /** Its severity there. */
  readonly severity: Severity;
  /** True where that linter has it off unless asked. */
  readonly off?: boolean;
  /** Values of options under which the rule answers as that linter does. */
  readonly options?: Partial<OptionValues<O>>;
}

/** What a finding says. `message`: what is wrong and what it costs. `help`: what to do. Neither ends in a full stop. */
export interface MessageText {
  readonly message: string;
  readonly help?: string;
  /** The words under the squiggle. */
  readonly label?: string;
}

/** Message id to its text. Each takes data of its own type, which the compiler checks at `report()`. */
export type Messages = Readonly<Record<string, (data: never) => MessageText>>;

/** A span of the Dockerfile, or a place in another file. */
export type At = Span | Place;

export interface FixInput {
  readonly kind?: FixKind;
  readonly title: string;
  readonly edits: readonly (Edit | { readonly span: Span; readonly text: string })[];
}

interface ReportPlace {
  readonly at: At;
  readonly related?: readonly { readonly at: At; readonly message: string }[];
  readonly fix?: FixInput | null;
  /** Spans that hold a secret: reports show stars in their place. */
  readonly sensitive?: readonly Span[];
  /** Where one case of the rule is milder or worse than the others; a severity set by the user wins. */
  readonly severity?: Severity;
}

/** `data` is what the message takes; it may be left out where the message takes none. */
export type ReportInput<D> = ReportPlace &
  (D extends undefined ? { readonly data?: object | undefined } : { readonly data: D });

export interface RuleContext<O extends OptionSpecs, M extends Messages> {
  readonly document: Document;
  readonly facts: Facts;
  readonly options: OptionValues<O>;
  report<K extends keyof M & string>(message: K, input: ReportInput<Parameters<M[K]>[0]>): void;
}

export interface RuleDefinition<O extends OptionSpecs, M extends Messages> {
  /** `family/name`, kebab case; the file is `src/rules/<family>/<name>.ts`. */
  readonly id: string;
  /** What to do, as an imperative without a full stop. */
  readonly summary: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly presets: readonly PresetName[];
  /** The version of plimsoll that brought it. */
  readonly since: string;
  /** The other linters' names for it; they work wherever an id does. One code of hadolint at most. */
  readonly aliases?: readonly string[];
  /** The presets that answer as another linter does: those of its rules that stand for a rule of that linter. */
  readonly like?: { readonly [L in OtherLinter]?: Like<O> };
  /** The kind of fix that it may offer. */
  readonly fix?: FixKind;
  readonly options?: O;
  /** Rules whose finding on the same span gives way to this one's. */
  readonly supersedes?: readonly string[];
  readonly messages: M;
  check(context: RuleContext<O, M>): void;
}

/** A finding before severity, suppressions and order are settled. */
export interface RawFinding {
  readonly message: MessageText;
  readonly at: Place;
  readonly related: readonly Related[];
  readonly fix: Fix | null;
  readonly sensitive: readonly Place[];
  readonly severity: Severity | null;
}

/** A rule with its generics erased: what the registry and the engine hold. */
export interface Rule {
  readonly id: string;
  readonly summary: string;
  readonly category: Category;
  readonly severity: Severity;
  readonly presets: readonly PresetName[];
  readonly since: string;
  readonly aliases: readonly string[];
  readonly like: { readonly [L in OtherLinter]?: Like };
  readonly fix: FixKind | null;
  readonly options: OptionSpecs;
  readonly supersedes: readonly string[];
  /** `options` are validated values, one for each of {@link options}. May throw: the engine catches it. */
  run(input: { document: Document; facts: Facts; options: Readonly<Record<string, unknown>> }): readonly RawFinding[];
}

/** Makes a {@link Rule}; the compiler checks message ids, their data and the options. */
export function defineRule<const O extends OptionSpecs, M extends Messages>(definition: RuleDefinition<O, M>): Rule {
  return {
    id: definition.id,
    summary: definition.summary,
    category: definition.category,
    severity: definition.severity,
    presets: definition.presets,
    since: definition.since,
    aliases: definition.aliases ?? [],
    like: definition.like ?? {},
    fix: definition.fix ?? null,
    options: definition.options ?? {},
    supersedes: definition.supersedes ?? [],
    run({ document, facts, options }) {
      // Most rules say nothing of most files: then nothing is made for them.
      let found: RawFinding[] | null = null;
      definition.check({
        document,
        facts,
        options: options as OptionValues<O>,
        report(id, input) {
          const message = definition.messages[id];
          if (!message) throw new Error(`rule ${definition.id} has no message "${id}"`);
          const related = (input.related ?? []).map((entry) => ({
            ...placeOf(entry.at, document.source),
            message: brief(entry.message),
          }));
          found ??= [];
          found.push({
            message: bounded(message(input.data as never)),
            at: placeOf(input.at, document.source),
            related,
            fix: input.fix ? fixOf(input.fix, definition.fix ?? 'suggestion', document.source) : null,
            sensitive: (input.sensitive ?? []).map((span) => ({ file: document.source, span })),
            severity: input.severity ?? null,
          });
        },
      });
      return found ?? NOTHING;
    },
  };
}

const NOTHING: readonly RawFinding[] = [];

/** Names that stand in a file may be of any length. */
function bounded({ message, help, label }: MessageText): MessageText {
  return {
    message: brief(message),
    ...(help === undefined ? {} : { help: brief(help) }),
    ...(label === undefined ? {} : { label: brief(label) }),
  };
}

/** An edit that puts text behind a place of the Dockerfile. */
export function insertAfter(at: { readonly span: Span }, text: string): { span: Span; text: string } {
  return { span: { start: at.span.end, end: at.span.end }, text };
}

/** An edit that puts text before a place of the Dockerfile. */
export function insertBefore(at: { readonly span: Span }, text: string): { span: Span; text: string } {
  return { span: { start: at.span.start, end: at.span.start }, text };
}

export function replace(at: { readonly span: Span }, text: string): { span: Span; text: string } {
  return { span: at.span, text };
}

/** Deletes an instruction with its line end, and the comments directly above it stay. */
export function removeLines(source: SourceFile, span: Span): { span: Span; text: string } {
  const start = source.text.lastIndexOf('\n', span.start - 1) + 1;
  const lineEnd = source.text.indexOf('\n', span.end);
  return { span: { start, end: lineEnd === -1 ? source.text.length : lineEnd + 1 }, text: '' };
}

function placeOf(at: At, source: SourceFile): Place {
  return 'file' in at ? { file: at.file, span: at.span } : { file: source, span: at };
}

function fixOf(input: FixInput, kind: FixKind, source: SourceFile): Fix {
  return {
    kind: input.kind ?? kind,
    title: input.title,
    edits: input.edits.map((edit) => ('file' in edit ? edit : { file: source, span: edit.span, text: edit.text })),
  };
}
