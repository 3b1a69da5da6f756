import { ConfigError } from '../model/errors.js';
import type { SourceFile } from '../model/source.js';
import type { Span } from '../model/span.js';

/** A value of a configuration file with its place, the same for YAML and JSON. */
export type ConfigNode =
  | { readonly kind: 'map'; readonly entries: readonly ConfigEntry[]; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly ConfigNode[]; readonly span: Span }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly span: Span };

export interface ConfigEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: ConfigNode;
}

/** Deeper nesting than any configuration has; guards the recursion below. */
const MAX_DEPTH = 32;
/** Characters of a value that a message repeats. */
const MAX_SHOWN = 60;
/** A handful of anchors is honest; thousands of expansions are an attack on memory. */
const MAX_ALIASES = 100;

/**
 * Parses YAML or, by the file's name, JSON (comments allowed). The parser is loaded when first needed, so that a
 * project without configuration does not pay for it.
 *
 * @returns null for a file without content.
 * @throws ConfigError for text that is not valid, duplicate keys among it.
 */
export async function parseTree(source: SourceFile): Promise<ConfigNode | null> {
  return source.path.endsWith('.json') ? parseJson(source) : parseYaml(source);
}

/** Makes the error for a place of a file; an empty span is widened to a character so that it can be shown. */
export function errorAt(source: SourceFile, span: Span, message: string): ConfigError {
  const end = Math.max(span.end, Math.min(span.start + 1, source.text.length));
  return new ConfigError(message, source.path, { file: source, span: { start: span.start, end } });
}

/** "a string", "a list": what a value is, for messages. */
export function describeNode(node: ConfigNode): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value !== 'string') return `the ${typeof node.value} ${node.value}`;
  // An `extends` may have led to a file of another kind, all of which is one string.
  const { value } = node;
  return `the string "${value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}...` : value}"`;
}

async function parseYaml(source: SourceFile): Promise<ConfigNode | null> {
  const yaml = await import('yaml');
  let aliases = 0;
  refuseDeepNesting(source);
  // A second document is an error at this level only, and would not count otherwise, without a word.
  const document = yaml.parseDocument(source.text, { prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  const problem = document.errors[0];
  if (problem) {
    const [start, end] = problem.pos;
    // The parser catches what its own recursion throws.
    if (/call stack/i.test(problem.message)) throw errorAt(source, { start, end }, 'nested too deeply');
    if (problem.code === 'MULTIPLE_DOCS')
      throw errorAt(source, { start, end: start + 3 }, 'a second YAML document begins here; there must be one alone');
    throw errorAt(source, { start, end }, `not valid YAML: ${firstLine(problem.message)}`);
  }
  if (document.contents === null) return null;
  return convert(document.contents, 0);

  function convert(node: unknown, depth: number): ConfigNode {
    if (depth > MAX_DEPTH) throw errorAt(source, spanOf(node), 'nested too deeply');
    if (yaml.isAlias(node)) {
      if (++aliases > MAX_ALIASES) throw errorAt(source, spanOf(node), `more than ${MAX_ALIASES} aliases`);
      const target = node.resolve(document);
      if (!target) throw errorAt(source, spanOf(node), `there is no anchor "${node.source}" above this place`);
      return convert(target, depth + 1);
    }
    const span = spanOf(node);
    if (yaml.isMap(node)) {
      const entries = node.items.map((pair): ConfigEntry => {
        const keySpan = spanOf(pair.key);
        if (!yaml.isScalar(pair.key)) throw errorAt(source, keySpan, 'a key must be a string');
        const missing: ConfigNode = { kind: 'scalar', value: null, span: keySpan };
        return {
          key: String(pair.key.value),
          keySpan,
          value: pair.value === null ? missing : placed(convert(pair.value, depth + 1), keySpan),
        };
      });
      return { kind: 'map', entries, span };
    }
    if (yaml.isSeq(node)) return { kind: 'list', items: node.items.map((item) => convert(item, depth + 1)), span };
    if (yaml.isScalar(node)) {
      const value = node.value;
      if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        return { kind: 'scalar', value, span };
    }
    throw errorAt(source, span, 'a value of a kind that a configuration does not have');
  }

  function spanOf(node: unknown): Span {
    if (!yaml.isNode(node) || !node.range) return { start: 0, end: 0 };
    return { start: node.range[0], end: node.range[1] };
  }
}

async function parseJson(source: SourceFile): Promise<ConfigNode | null> {
  const json = await import('jsonc-parser');
  const problems: { error: number; offset: number; length: number }[] = [];
  refuseDeepNesting(source);
  const root = json.parseTree(source.text, problems, { allowTrailingComma: false, allowEmptyContent: true });
  const problem = problems[0];
  if (problem) {
    const name = json.printParseErrorCode(problem.error).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
    const span = { start: problem.offset, end: problem.offset + problem.length };
    throw errorAt(source, span, `not valid JSON: ${name.toLowerCase()}`);
  }
  return root ? convert(root) : null;

  function convert(node: import('jsonc-parser').Node): ConfigNode {
    const span = { start: node.offset, end: node.offset + node.length };
    if (node.type === 'array') return { kind: 'list', items: (node.children ?? []).map(convert), span };
    if (node.type !== 'object') return { kind: 'scalar', value: node.value ?? null, span };
    const seen = new Set<string>();
    const entries: ConfigEntry[] = [];
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (!key || !value) continue;
      const keySpan = { start: key.offset, end: key.offset + key.length };
      if (seen.has(key.value)) throw errorAt(source, keySpan, `the key "${key.value}" is there twice`);
      seen.add(key.value);
      entries.push({ key: key.value, keySpan, value: convert(value) });
    }
    return { kind: 'map', entries, span };
  }
}

/** Both parsers recurse: brackets are counted first to keep their stack safe. A package.json may nest rather deep. */
function refuseDeepNesting(source: SourceFile): void {
  let depth = 0;
  for (let at = 0; at < source.text.length; at++) {
    const char = source.text.charCodeAt(at);
    if (char === 0x5b || char === 0x7b) depth++;
    else if (char === 0x5d || char === 0x7d) depth--;
    if (depth > 500) throw errorAt(source, { start: at, end: at + 1 }, 'nested too deeply');
  }
}

/** An empty value (`rules:` and nothing) has no text of its own; its key is the place to point at. */
function placed(node: ConfigNode, keySpan: Span): ConfigNode {
  return node.span.end > node.span.start ? node : { ...node, span: keySpan };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
