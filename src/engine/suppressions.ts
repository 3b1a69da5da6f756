import type { Comment, Document, Instruction } from '../dockerfile/ast.js';
import type { Finding, Fix } from '../model/finding.js';
import { lineIndexAt } from '../model/source.js';
import type { Span } from '../model/span.js';
import type { MessageText, Rule } from '../rules/define-rule.js';
import { messages as pragmaMessages } from '../rules/suppression/no-pragma.js';
import { messages as unknownMessages } from '../rules/suppression/unknown-rule.js';
import { messages as unusedMessages } from '../rules/suppression/unused.js';
import { isCodeOn } from '../shellcheck/codes.js';
import type { ShellcheckSettings } from '../shellcheck/types.js';
import {
  type CheckComment,
  COMMENT_TOOLS,
  type CommentTool,
  type ControlComment,
  readCheck,
  readControlComment,
  type Scope,
} from './control-comments.js';
import { isBuildkitName, isForeignCode, nameRules, type RuleNames, shellcheckCode } from './rule-names.js';
import { type ShellOverride, shellOverrides } from './shell-overrides.js';
import type { RuleSettings } from './types.js';

/** One name of one comment. */
export interface Suppression {
  readonly tool: CommentTool;
  readonly scope: Scope;
  /** As written. */
  readonly name: string;
  /** Of the name. */
  readonly span: Span;
  /** Of the whole comment. */
  readonly comment: Span;
  readonly reason: string | null;
  /** Ids of rules; or a code of ShellCheck or hadolint that no rule of ours stands for; or everything. */
  readonly targets: readonly string[];
  /** Index of the instruction or the stage that it holds for; 0 for the file. */
  readonly anchor: number;
  /** Offset from which on it holds. */
  readonly from: number;
}

/** What the comments of a file ask for. */
export interface Suppressions {
  readonly list: readonly Suppression[];
  /** Comments of plimsoll's own that cannot be read or name what is not there. */
  readonly problems: readonly { readonly message: MessageText; readonly span: Span; readonly fix: Fix | null }[];
  /** Every comment and directive that is there to silence something, whether it counts or not. */
  readonly pragmas: readonly { readonly tool: CommentTool; readonly scope: Scope; readonly span: Span }[];
  /** Rules whose findings `# check=error=true` makes errors. */
  readonly errors: ReadonlySet<string>;
  /** Rules that run on this file because it asks for them with `# check=experimental=`. */
  readonly asked: ReadonlySet<string>;
  /** Rules that `--build-arg BUILDKIT_DOCKERFILE_CHECK=skip=` turns off: no line of the file says so. */
  readonly skipped: ReadonlySet<string>;
  /** The shell that `# hadolint shell=` names for an instruction, as SHELL would have it; null: none. */
  readonly shellOverride: ShellOverride;
}

export interface ApplyInput {
  readonly document: Document;
  readonly settings: RuleSettings;
  /** True where not every rule could report all it would: `--only`, no build context. Nothing is called unused then. */
  readonly partial: boolean;
  /** Null where ShellCheck did not look at every script of the file. */
  readonly shellcheck: ShellcheckSettings | null;
}

/** Stands for every rule but those of the family `suppression` and for internal errors. */
const ALL = '*';
const UNKNOWN = 'suppression/unknown-rule';
const UNUSED = 'suppression/unused';
const NO_PRAGMA = 'suppression/no-pragma';
/** Finding what was meant costs a pass over all names; the first hundred of a file are worth it. */
const MAX_HINTS = 100;
/** The argument with which a build overrides the directive `# check=`. */
const CHECK_ARGUMENT = 'BUILDKIT_DOCKERFILE_CHECK';

export interface ReadOptions {
  /** Whose comments count; everybody's where it is not said. */
  readonly tools?: ReadonlySet<CommentTool>;
  /** One of them may stand for the directive `# check=`. */
  readonly buildArgs?: ReadonlyMap<string, string>;
}

const ALL_TOOLS: ReadonlySet<CommentTool> = new Set(COMMENT_TOOLS);
const NO_ARGUMENTS: ReadonlyMap<string, string> = new Map();

/**
 * Reads every comment and directive that is addressed to a linter. Costs next to nothing in a file without any.
 */
export function readSuppressions(
  document: Document,
  rules: readonly Rule[],
  { tools = ALL_TOOLS, buildArgs = NO_ARGUMENTS }: ReadOptions = {},
): Suppressions {
  const list: Suppression[] = [];
  const pragmas: { tool: CommentTool; scope: Scope; span: Span }[] = [];
  const problems: { message: MessageText; span: Span; fix: Fix | null }[] = [];
  const errors = new Set<string>();
  const asked = new Set<string>();
  const skipped = new Set<string>();
  const shells: { comment: Comment; shell: string }[] = [];
  const override = buildArgs.get(CHECK_ARGUMENT);
  if (override !== undefined) {
    const check = readCheck(override, 0);
    obey(check);
    for (const { targets } of skips(check, { start: 0, end: 0 }, WHOLE_FILE, nameRules(rules)))
      for (const id of targets) skipped.add(id);
  }
  for (const directive of document.directives) {
    if (directive.name !== 'check' || override !== undefined) continue;
    const { valueSpan } = directive;
    const check = readCheck(document.source.text.slice(valueSpan.start, valueSpan.end), valueSpan.start);
    if (check.skip.length > 0) pragmas.push({ tool: 'check', scope: 'file', span: directive.span });
    if (!tools.has('check')) continue;
    obey(check);
    list.push(...skips(check, directive.span, WHOLE_FILE, nameRules(rules)));
  }
  for (const comment of document.comments) {
    const control = readControlComment(document, comment);
    if (control) read(control, comment);
  }
  return { list, problems, pragmas, errors, asked, skipped, shellOverride: shellOverrides(document, shells) };

  function obey({ error, experimental }: CheckComment): void {
    const names = nameRules(rules);
    if (error) for (const id of names.buildkit) errors.add(id);
    for (const { text } of experimental) {
      for (const id of text === 'all' ? names.experimental : isBuildkitName(text) ? (names.resolve(text) ?? []) : [])
        asked.add(id);
    }
  }

  function read(control: ControlComment, comment: Comment): void {
    const names = nameRules(rules);
    switch (control.kind) {
      case 'shell':
        // hadolint does not look into instructions either.
        if (!comment.inside) shells.push({ comment, shell: control.shell });
        return;
      case 'check':
        if (control.skip.length > 0) pragmas.push({ tool: 'check', scope: 'instruction', span: comment.span });
        if (tools.has('check'))
          list.push(...skips(control, comment.span, reachOf('instruction', comment, document), names));
        return;
      case 'malformed':
        if (tools.has('plimsoll'))
          problems.push({ message: unknownMessages.malformed({}), span: control.span, fix: null });
        return;
    }
    const { tool, reason } = control;
    pragmas.push({ tool, scope: control.scope, span: comment.span });
    if (!tools.has(tool)) return;
    const reach = reachOf(control.scope, comment, document);
    for (const { text: name, span } of control.names) {
      const targets = targetsOf(name, tool, names);
      if (targets) list.push({ tool, name, span, comment: comment.span, reason, targets, ...reach });
      else if (tool === 'plimsoll')
        problems.push(unknownProblem(name, span, problems.length < MAX_HINTS ? names.suggest(name) : null, document));
    }
    if (control.trailing && tool === 'plimsoll')
      problems.push({ message: unknownMessages.trailing({}), span: control.trailing, fix: null });
  }
}

/**
 * Marks the findings that a comment silences, makes errors of those that `# check=error=true` concerns, and adds the
 * findings about the comments themselves.
 *
 * A finding belongs to the instruction that holds its place, the comments above it included; one in another file to
 * those of its related places. The narrowest comment that silences a finding is the one that counts as used.
 */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: Suppressions,
  { document, settings, partial, shellcheck }: ApplyInput,
): readonly Finding[] {
  const { list, problems, pragmas, errors } = suppressions;
  if (list.length === 0 && problems.length === 0 && pragmas.length === 0 && errors.size === 0) return findings;
  const index = indexOf(list);
  const used = new Set<Suppression>();
  const mark = (finding: Finding): Finding => {
    const by = silencers(finding, index, document);
    for (const suppression of by) used.add(suppression);
    const [first] = by;
    if (!first) return finding;
    const place = { file: document.source, span: first.comment };
    return { ...finding, suppressed: { by: place, reason: by.find(({ reason }) => reason)?.reason ?? null } };
  };
  const out = findings.map((finding) => {
    const promoted = errors.has(finding.rule) && !settings.get(finding.rule)?.explicit;
    return mark(promoted ? { ...finding, severity: 'error' } : finding);
  });
  const unknown = settings.get(UNKNOWN);
  if (unknown) for (const { message, span, fix } of problems) out.push(mark(own(UNKNOWN, message, span, fix)));
  const noPragma = settings.get(NO_PRAGMA);
  for (const { tool, scope, span } of noPragma ? pragmas : []) {
    if (noPragma?.options.semantics === 'hadolint' && (tool !== 'hadolint' || scope !== 'instruction')) continue;
    // Not to be silenced: a comment could else allow itself.
    out.push(own(NO_PRAGMA, pragmaMessages.pragma({}), span, null));
  }
  const unused = settings.get(UNUSED);
  if (!unused || partial) return out;
  for (const suppression of list) {
    if (used.has(suppression) || suppression.tool === 'check' || !couldReport(suppression)) continue;
    if (suppression.tool === 'hadolint' && unused.options.hadolint === false) continue;
    const where = { instruction: 'here', stage: 'in this stage', file: 'in this file' }[suppression.scope];
    const message = unusedMessages.unused({ name: suppression.name, where });
    out.push(mark(own(UNUSED, message, suppression.span, removal(suppression, document))));
  }
  return out;

  function couldReport({ targets }: Suppression): boolean {
    return targets.some((target) => {
      if (target === ALL || (target !== UNUSED && settings.has(target))) return true;
      return shellcheck !== null && shellcheckCode(target) !== null && isCodeOn(target, shellcheck);
    });
  }

  function own(rule: string, text: MessageText, span: Span, fix: Fix | null): Finding {
    return {
      rule,
      severity: settings.get(rule)?.severity ?? 'info',
      message: text.message,
      help: text.help ?? null,
      label: text.label ?? null,
      at: { file: document.source, span },
      related: [],
      fix,
      sensitive: [],
      suppressed: null,
    };
  }
}

type Reach = Pick<Suppression, 'scope' | 'anchor' | 'from'>;

function reachOf(scope: Scope, comment: Comment, document: Document): Reach {
  if (scope === 'file') return { scope, anchor: 0, from: 0 };
  let at = instructionAt(document.instructions, comment.span.start);
  // A comment behind the last continued line of an instruction is behind its span, and still its own.
  const isBehind = (document.instructions[at]?.span.start ?? Number.POSITIVE_INFINITY) > comment.span.start;
  if (comment.inside && isBehind) at = Math.max(at - 1, 0);
  const from = document.instructions[at - 1]?.span.end ?? 0;
  if (scope === 'instruction') return { scope, anchor: at, from };
  // Before the first FROM it is that stage which is meant; behind the last instruction there is only the last one.
  const stage = document.instructions[at]?.stage ?? document.stages.length - 1;
  return { scope, anchor: Math.max(stage, 0), from };
}

/** Index of the instruction that an offset belongs to: the one that holds it, else the next one below. */
function instructionAt(instructions: readonly Instruction[], offset: number): number {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle]?.span.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

function targetsOf(name: string, tool: Suppression['tool'], names: RuleNames): readonly string[] | null {
  if (name.toLowerCase() === 'all') return [ALL];
  const ids = names.resolve(name);
  if (ids) return ids;
  // ShellCheck finds by its own codes; hadolint's codes that we lack can only be meant for hadolint.
  const code = shellcheckCode(name);
  if (code !== null) return [code];
  return tool !== 'plimsoll' && isForeignCode(name) && !isBuildkitName(name) ? [name.toUpperCase()] : null;
}

const WHOLE_FILE: Reach = { scope: 'file', anchor: 0, from: 0 };

/** `skip=all` does not reach the checks that `experimental=` asks for. */
function skips(check: CheckComment, comment: Span, reach: Reach, names: RuleNames): readonly Suppression[] {
  const kept = new Set(
    check.experimental.flatMap(({ text }) => (text === 'all' ? [...names.experimental] : (names.resolve(text) ?? []))),
  );
  return check.skip.flatMap(({ text: name, span }) => {
    const targets =
      name === 'all'
        ? [...names.buildkit].filter((id) => !kept.has(id))
        : isBuildkitName(name)
          ? (names.resolve(name) ?? [])
          : [];
    return targets.length === 0
      ? []
      : [{ tool: 'check', name, span, comment, reason: check.reason, targets, ...reach }];
  });
}

function unknownProblem(name: string, span: Span, suggestion: string | null, document: Document) {
  const fix: Fix | null =
    suggestion === null
      ? null
      : {
          kind: 'suggestion',
          title: `Write ${suggestion}`,
          edits: [{ file: document.source, span, text: suggestion }],
        };
  return { message: unknownMessages.unknown({ name, suggestion }), span, fix };
}

/** Suppressions by what they reach and silence, in order of the file. */
type Index = ReadonlyMap<string, readonly Suppression[]>;

function indexOf(list: readonly Suppression[]): Index {
  const index = new Map<string, Suppression[]>();
  for (const suppression of list) {
    for (const target of suppression.targets) {
      const key = keyOf(suppression.scope, suppression.anchor, target);
      const group = index.get(key);
      if (group) group.push(suppression);
      else index.set(key, [suppression]);
    }
  }
  return index;
}

function keyOf(scope: Scope, anchor: number, target: string): string {
  return `${scope} ${anchor} ${target}`;
}

function silencers(finding: Finding, index: Index, document: Document): readonly Suppression[] {
  if (finding.rule === 'internal' || index.size === 0) return [];
  const code = finding.rule.slice(finding.rule.lastIndexOf('/') + 1);
  const targets = finding.rule.startsWith('suppression/') ? [finding.rule] : [finding.rule, ALL];
  if (isForeignCode(code)) targets.push(code.toUpperCase());
  const places = [finding.at, ...finding.related].filter(({ file }) => file === document.source);
  const offsets = (finding.at.file === document.source ? [finding.at] : places).map(({ span }) => span.start);
  const owners = offsets.map((offset) => ({ offset, at: instructionAt(document.instructions, offset) }));
  for (const { at, offset } of owners) {
    const found = collect('instruction', at, offset);
    if (found.length > 0) return found;
  }
  for (const { at, offset } of owners) {
    const stage = document.instructions[at]?.stage;
    const found = stage === undefined ? [] : collect('stage', stage, offset);
    if (found.length > 0) return found;
  }
  return collect('file', 0, 0);

  function collect(scope: Scope, anchor: number, offset: number): readonly Suppression[] {
    const found: Suppression[] = [];
    for (const target of targets) {
      for (const suppression of index.get(keyOf(scope, anchor, target)) ?? []) {
        if (suppression.from > offset) break;
        found.push(suppression);
        // One comment of each tool is honest; a thousand equal ones must not cost a thousand steps a finding.
        if (found.length >= 8) return found;
      }
    }
    return found;
  }
}

/** Takes the name out of its list; the last name takes the whole line with it. */
function removal({ name, span, comment, tool }: Suppression, { source }: Document): Fix {
  // hadolint may still need its comment.
  const kind = tool === 'hadolint' ? 'suggestion' : 'safe';
  const isGap = (at: number) => at < comment.end && ' \t,'.includes(source.text.charAt(at));
  let start = span.start;
  while (isGap(start - 1)) start--;
  let end = span.end;
  while (isGap(end)) end++;
  const follows = source.text.slice(span.end, end).includes(',') && end < comment.end;
  const precedes = source.text.slice(start, span.start).includes(',');
  const line = lineIndexAt(source, comment.start);
  const whole = { start: source.lineStarts[line] ?? 0, end: source.lineStarts[line + 1] ?? source.text.length };
  const cut = follows ? { start: span.start, end } : precedes ? { start, end: span.end } : whole;
  return { kind, title: `Remove ${name}`, edits: [{ file: source, span: cut, text: '' }] };
}
