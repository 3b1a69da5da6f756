import type * as unbash from 'unbash';
import { parse } from 'unbash';
import { cover, type Span } from '../model/span.js';
import {
  type Collected,
  joined,
  makeCommand,
  noteEffects,
  type Place,
  readSet,
  type Scope,
  within,
} from './collector.js';
import { blurredFrame, type Frame, placeOf } from './frame.js';
import { dialectOf } from './shells.js';
import { isInput, isTest, testOperands } from './syntax.js';
import type { EnvAssignment, Joint, Redirect, ShellWord, Wrapper } from './types.js';
import {
  collectNested,
  type InnerScript,
  innerOfBackticks,
  innerOfHeredoc,
  innerOfWords,
  type NestedScript,
  toWord,
} from './words.js';
import { resolveCommand, withoutScript } from './wrappers.js';

/**
 * Substitutions and inner scripts that are followed into one another. The parser reads the text of a substitution again
 * for each level it is in, so that the bound is also what keeps the time linear.
 */
const MOST_DEPTH = 24;

/** Gives the text as written for a place in the Dockerfile; null where there is none to take it from. */
export type TextOf = ((from: number, to: number) => string) | null;

/** Finds all commands of a text and adds them to `collected`. */
export function walkText(frame: Frame, scope: Scope, collected: Collected, textOf: TextOf, quiet = false): void {
  const script = parse(frame.text);
  new Walker(frame, collected, textOf, quiet).script(script, scope);
}

/** What goes before a command in its pipeline. */
interface Prefix {
  readonly wrappers: readonly Wrapper[];
  readonly start: number;
}

/** Goes through the tree of one text. */
class Walker {
  constructor(
    readonly frame: Frame,
    readonly collected: Collected,
    readonly textOf: TextOf,
    /** True where a text is only partly known: what the parser makes of it is no error of the author's. */
    readonly quiet: boolean,
  ) {}

  script(script: unbash.ParsedScript, scope: Scope): void {
    if (script.errors && !this.quiet) {
      for (const { message, pos } of script.errors) {
        const from = Math.max(0, Math.min(pos, this.frame.text.length - 1));
        this.collected.errors.push({ message, span: this.place(from, Math.min(from + 1, this.frame.text.length)) });
      }
    }
    this.statements(script.commands, scope);
  }

  place(from: number, to: number): Span {
    return placeOf(this.frame, from, to);
  }

  statements(list: readonly unbash.Statement[], scope: Scope): void {
    let previous: Joint = null;
    for (let index = 0; index < list.length; index++) {
      const statement = list[index] as unbash.Statement;
      const isLast = index === list.length - 1;
      const next: Joint = statement.background ? '&' : isLast ? null : ';';
      const own = statement.background && !scope.statusUnused ? { ...scope, statusUnused: true } : scope;
      if (statement.command.type === 'AndOr') this.andOr(statement.command, own, previous, next, isLast);
      else this.pipelineOrCommand(statement.command, own, previous, next);
      previous = next;
    }
  }

  andOr(node: unbash.AndOr, scope: Scope, previous: Joint, next: Joint, isLast: boolean): void {
    const { commands, operators } = node;
    const lastOr = operators.lastIndexOf('||');
    let tested = false;
    commands.forEach((command, index) => {
      const before: Joint = operators[index - 1] ?? previous;
      const after: Joint = operators[index] ?? next;
      // A failed test before && is no failure of the script as long as something follows.
      const skipped = tested && (!isLast || index <= lastOr);
      const conditional = scope.conditional || (index > 0 && (before === '||' || skipped));
      const statusUnused = scope.statusUnused || index <= lastOr;
      const own =
        conditional === scope.conditional && statusUnused === scope.statusUnused
          ? scope
          : { ...scope, conditional, statusUnused };
      this.pipelineOrCommand(command, own, before, after);
      tested = after === '&&' && (tested || isTest(command));
    });
  }

  pipelineOrCommand(node: unbash.PipelineNode, scope: Scope, previous: Joint, next: Joint): number {
    if (node.type !== 'Pipeline') return this.command(node, scope, { previous, next, pipeline: -1 }, null);
    const first = node.prefixes.find((prefix) => prefix.type === 'Time');
    const wrappers = node.prefixes.flatMap((prefix) => (prefix.type === 'Time' ? [this.timeWrapper(prefix)] : []));
    const negated = node.prefixes.some((prefix) => prefix.type === 'Negation');
    const own = negated && !scope.statusUnused ? { ...scope, statusUnused: true } : scope;
    const prefix = first ? { wrappers, start: first.pos } : null;
    const { commands, operators } = node;
    if (commands.length === 1 && commands[0])
      return this.command(commands[0], own, { previous, next, pipeline: -1 }, prefix);
    const { pipelines } = this.collected;
    const index = pipelines.length;
    const pipeline = {
      members: [] as number[],
      pipes: [] as Span[],
      span: this.place(node.pos, node.end),
      statusUnused: own.statusUnused,
    };
    pipelines.push(pipeline);
    commands.forEach((command, at) => {
      const before: Joint = operators[at - 1] ?? previous;
      const operator = operators[at];
      pipeline.members.push(
        this.command(
          command,
          own,
          { previous: before, next: operator ?? next, pipeline: index },
          at === 0 ? prefix : null,
        ),
      );
      if (!operator) return;
      const bar = this.frame.text.indexOf('|', command.end);
      if (bar !== -1) pipeline.pipes.push(this.place(bar, bar + operator.length));
    });
    return -1;
  }

  timeWrapper(node: unbash.Time): Wrapper {
    return { name: 'time', span: this.place(node.pos, node.end), flags: [] };
  }

  /** Returns the index of the command that was found, -1 for a compound one. */
  command(node: unbash.CommandNode, scope: Scope, place: Place, prefix: Prefix | null): number {
    switch (node.type) {
      case 'Command':
        return this.simple(node, scope, place, prefix);
      case 'TestCommand':
        return this.test(node, scope, place);
      case 'Redirected': {
        this.command(node.command, scope, place, prefix);
        const nested: NestedScript[] = [];
        for (const redirect of node.redirects) this.redirect(redirect, nested);
        this.nested(nested, scope, true);
        return -1;
      }
      default:
        this.compound(node, prefix ? { ...scope, wrappers: joined(scope.wrappers, prefix.wrappers) } : scope);
        return -1;
    }
  }

  compound(
    node: Exclude<unbash.CommandNode, unbash.Command | unbash.TestCommand | unbash.Redirected>,
    scope: Scope,
  ): void {
    switch (node.type) {
      case 'If':
        this.statements(node.clause.commands, within(scope, 'if-condition', scope.conditional, true));
        this.statements(node.then.commands, within(scope, 'if-body', true));
        for (const branch of node.elif) {
          this.statements(branch.clause.commands, within(scope, 'if-condition', true, true));
          this.statements(branch.then.commands, within(scope, 'if-body', true));
        }
        if (node.else) this.statements(node.else.commands, within(scope, 'if-body', true));
        return;
      case 'For':
      case 'Select':
        this.collected.assigned.add(node.name.value);
        this.substitutions(node.wordlist ?? [], scope);
        this.statements(node.body.commands, within(scope, 'loop-body', true));
        return;
      case 'ArithmeticFor':
        this.substitutions([node.initialize, node.test, node.update], scope);
        this.statements(node.body.commands, within(scope, 'loop-body', true));
        return;
      case 'While':
        this.statements(node.clause.commands, within(scope, 'loop-condition', scope.conditional, true));
        this.statements(node.body.commands, within(scope, 'loop-body', true));
        return;
      case 'Case':
        this.substitutions([node.word], scope);
        for (const item of node.items) {
          this.substitutions(item.pattern, scope);
          this.statements(item.body.commands, within(scope, 'case', true));
        }
        return;
      case 'Function':
        this.body(node.body, within(scope, 'function', true));
        return;
      case 'Coproc':
        this.body(node.body, within(scope, 'group', scope.conditional, true));
        return;
      case 'Subshell':
        this.statements(node.body.commands, {
          ...within(scope, 'subshell', scope.conditional),
          shell: this.place(node.pos, Math.max(node.pos, node.end)),
        });
        return;
      case 'BraceGroup':
        this.statements(node.body.commands, within(scope, 'group', scope.conditional));
        return;
      case 'ArithmeticCommand':
        this.substitutions([node.expression], scope);
        return;
    }
  }

  body(node: unbash.Function['body'] | unbash.Coproc['body'], scope: Scope): void {
    if (node.type === 'CompoundList') this.statements(node.commands, scope);
    else this.command(node, scope, ALONE, null);
  }

  /** `[[ ... ]]` is a command of that name whose operands are its words. */
  test(node: unbash.TestCommand, scope: Scope, place: Place): number {
    const nested: NestedScript[] = [];
    const nameWord = this.literal(node.pos, node.pos + 2);
    const operands = testOperands(node.expression).map((word) => this.word(word, nested));
    const words = [nameWord, ...operands];
    const args = { subcommand: null, subcommandWord: null, flags: [], operands, rest: words.length };
    const resolution = { wrappers: [], assignments: [], at: 0, name: '[[', table: null, args, script: null };
    const { commands } = this.collected;
    const span = this.place(node.pos, node.end);
    const index = commands.push(makeCommand(words, resolution, [], [], scope, place, span)) - 1;
    this.nested(nested, scope, true);
    return index;
  }

  literal(from: number, to: number): ShellWord {
    const text = this.frame.text.slice(from, to);
    return { value: text, text, span: this.place(from, to), literal: true, variables: [] };
  }

  word(node: unbash.Word | unbash.Assignment, nested: NestedScript[]): ShellWord {
    return toWord(node, this.frame, nested, this.textOf);
  }

  simple(node: unbash.Command, scope: Scope, place: Place, prefix: Prefix | null): number {
    const nested: NestedScript[] = [];
    const assignments: EnvAssignment[] = [];
    const redirects: Redirect[] = [];
    const nodes: (unbash.Word | unbash.Assignment)[] = [];
    const docs: unbash.HereDoc[] = [];
    for (const part of node.prefix) {
      if (part.type === 'Assignment') assignments.push(this.assignment(part, nested));
      else redirects.push(this.redirect(part, nested, docs));
    }
    if (node.name) nodes.push(node.name);
    for (const part of node.suffix) {
      if (part.type === 'Word' || part.type === 'Assignment') nodes.push(part);
      else redirects.push(this.redirect(part, nested, docs));
    }
    const words = nodes.map((each) => this.word(each, nested));
    const resolution = resolveCommand(words);
    const { script } = resolution;
    const prefixed = prefix ? { ...scope, wrappers: joined(scope.wrappers, prefix.wrappers) } : scope;
    const { commands } = this.collected;
    const before = commands.length;
    const statusIsUsed = words.length === 0;
    if (script !== null || (docs.length > 0 && resolution.table?.syntax.has('shell'))) {
      const inside = {
        ...prefixed,
        wrappers: joined(prefixed.wrappers, resolution.wrappers),
        assignments: joined(joined(scope.assignments, assignments), resolution.assignments),
      };
      if (script !== null) {
        const inner = innerOfWords(nodes.slice(script.from, script.to), this.frame);
        this.inner(inner, inside, words, script.from);
      } else if (resolution.args.operands.length === 0) this.scriptOnInput(docs, inside, words, resolution);
    }
    if (commands.length > before) {
      this.nested(nested, scope, statusIsUsed);
      return -1;
    }
    const plain = withoutScript(words, resolution);
    const span = this.place(prefix?.start ?? node.pos, Math.max(prefix?.start ?? node.pos, node.end));
    const command = makeCommand(words, plain, redirects, assignments, prefixed, place, span);
    commands.push(command);
    noteEffects(command, scope, this.collected);
    this.nested(nested, scope, statusIsUsed);
    return before;
  }

  /** `bash <<EOF`: the body is a script of its own. */
  scriptOnInput(
    docs: readonly unbash.HereDoc[],
    scope: Scope,
    words: readonly ShellWord[],
    resolution: ReturnType<typeof resolveCommand>,
  ): void {
    const doc = docs.findLast(isInput);
    const nameWord = words[resolution.at];
    if (!doc || !nameWord) return;
    const span = cover(nameWord.span, (words.at(-1) ?? nameWord).span);
    const shell: Wrapper = { name: resolution.name, span, flags: resolution.args.flags };
    this.inner(
      innerOfHeredoc(doc, this.frame),
      { ...scope, wrappers: [...scope.wrappers, shell] },
      words,
      words.length,
    );
  }

  /** Reads a script that a command is given; the words before `end` may set options for it. */
  inner(script: InnerScript, scope: Scope, words: readonly ShellWord[], end: number): void {
    if (script.empty || scope.depth >= MOST_DEPTH) return;
    const { frame } = script;
    const inside: Scope = {
      ...scope,
      nesting: [...scope.nesting, 'inner-script'],
      shell: placeOf(frame, 0, frame.text.length),
      depth: scope.depth + 1,
    };
    const shell = scope.wrappers.at(-1);
    if (shell && dialectOf(shell.name) !== null) {
      const at = words.findIndex((word) => word.span.start === shell.span.start);
      if (at !== -1) readSet(words.slice(at + 1, end), inside, this.collected);
    }
    walkText(frame, inside, this.collected, this.textOf, this.quiet || !script.exact);
  }

  assignment(node: unbash.Assignment, nested: NestedScript[]): EnvAssignment {
    const span = this.place(node.pos, node.end);
    if (node.index) collectNested(node.index, nested);
    if (node.value.type === 'Word') return { name: node.name, value: this.word(node.value, nested), span };
    collectNested(node.value, nested);
    return { name: node.name, value: null, span };
  }

  redirect(node: unbash.Redirection, nested: NestedScript[], docs: unbash.HereDoc[] = []): Redirect {
    const descriptor = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : null;
    const span = this.place(node.pos, node.end);
    if (node.type !== 'HereDoc') {
      const target = node.target ? this.word(node.target, nested) : null;
      return { operator: node.operator, descriptor, target, span };
    }
    docs.push(node);
    const { delimiter } = node;
    if (delimiter && !delimiter.quoted && /[$`]/.test(node.body.text)) collectNested(node.body, nested);
    const target = delimiter ? { ...this.literal(delimiter.pos, delimiter.end), value: delimiter.value } : null;
    return { operator: node.operator, descriptor, target, span };
  }

  substitutions(nodes: readonly (unbash.SyntaxNode | undefined)[], scope: Scope): void {
    const nested: NestedScript[] = [];
    for (const node of nodes) collectNested(node, nested);
    this.nested(nested, scope, false);
  }

  /** Goes into substitutions; their status is lost unless they are all that the command consists of (`A=$(...)`). */
  nested(scripts: readonly NestedScript[], scope: Scope, statusIsUsed: boolean): void {
    for (const { node, script } of scripts) {
      if (scope.depth >= MOST_DEPTH) {
        const message = 'substitutions are nested too deep to be read';
        this.collected.errors.push({ message, span: this.place(node.pos, node.end) });
        return;
      }
      const isProcess = node.type === 'ProcessSubstitution';
      const inside: Scope = {
        ...scope,
        nesting: [...scope.nesting, isProcess ? 'process-substitution' : 'substitution'],
        statusUnused: scope.statusUnused || isProcess || !statusIsUsed,
        shell: this.place(node.pos, node.end),
        depth: scope.depth + 1,
      };
      if (script.source === undefined) this.script(script, inside);
      else {
        const frame =
          innerOfBackticks(node, script.source, this.frame) ??
          blurredFrame(script.source, this.place(node.pos, node.end));
        new Walker(frame, this.collected, this.textOf, this.quiet).script(script, inside);
      }
    }
  }
}

const ALONE: Place = { previous: null, next: null, pipeline: -1 };
