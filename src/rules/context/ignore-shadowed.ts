import { createMatcher, parseIgnoreFile } from '../../context/dockerignore.js';
import type { BuildContext, IgnoreFile, IgnorePattern } from '../../context/types.js';
import { appendPatterns, lastPatternOf } from '../../facts/ignore-edit.js';
import { listed } from '../../facts/listed.js';
import { certainContext, contextSources, neededCopies, sendingOf } from '../../facts/sent-files.js';
import type { CopyFacts, Facts } from '../../facts/types.js';
import { defineRule, type FixInput } from '../define-rule.js';

/** A walk through the context ends after so many files. */
const MOST_FILES = 20_000;

/** An ignore file for one Dockerfile replaces the general one; whoever adds a line to that one waits for nothing. */
export default defineRule({
  id: 'context/ignore-shadowed',
  summary: 'Repeat in the ignore file of a Dockerfile what .dockerignore leaves out',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'suggestion',
  messages: {
    unread: ({ paths, unread, read }: { paths: string; unread: string; read: string }) => ({
      message: `this copies ${paths}: ${unread} is not read, since this Dockerfile has an ignore file of its own`,
      help: `repeat in ${read} the lines that should apply here too`,
    }),
  },
  check({ facts, report }) {
    const context = certainContext(facts);
    // An image for development is meant to have more in it.
    if (!context || facts.target?.isDevelopment) return;
    const { ignoreFile } = context;
    if (ignoreFile?.kind !== 'dockerfile-specific') return;
    const source = context.read('.dockerignore');
    const general = source && parseIgnoreFile(source, 'dockerignore');
    if (!general || general.patterns.length === 0) return;
    for (const copy of neededCopies(facts).filter(({ broad }) => broad)) {
      const shadowed = shadowedBy(general, context, copy, facts);
      const [first] = shadowed.values();
      const word = first === undefined ? null : sendingOf(facts, copy, first.file)?.source.word;
      if (!word) continue;
      const unread = [...shadowed.keys()];
      report('unread', {
        at: word.span,
        data: {
          paths: listed([...shadowed.values()].map(({ path }) => path)),
          unread: general.source.path,
          read: ignoreFile.source.path,
        },
        related: [
          ...unread.slice(0, 3).map((pattern) => ({
            at: { file: general.source, span: pattern.span },
            message: 'this line does nothing here',
          })),
          { at: lastPatternOf(ignoreFile), message: 'this file is read instead' },
        ],
        fix: repeated(unread, general, ignoreFile, facts),
      });
      // The same context copied by another stage needs no second word.
      return;
    }
  },
});

interface Shadowed {
  /** A file, or a directory of which everything is meant. */
  readonly path: string;
  /** The file, or one in the directory. */
  readonly file: string;
}

/** Nobody minds these, though they stand in many an ignore file. */
const BUILD_FILE = /(?:^|\/)(?:[^/]*(?:Dockerfile|Containerfile)[^/]*|[^/]*\.(?:docker|container)ignore)$/i;

/** What a COPY brings and the general file would leave out: the first path for each of its patterns. */
function shadowedBy(
  general: IgnoreFile,
  context: BuildContext,
  copy: CopyFacts,
  facts: Facts,
): ReadonlyMap<IgnorePattern, Shadowed> {
  const matcher = createMatcher(general.patterns);
  const others = neededCopies(facts).filter(({ broad }) => !broad);
  const found = new Map<IgnorePattern, Shadowed>();
  const add = (path: string, file: string): void => {
    const { ignored, by } = matcher.decide(path);
    if (!ignored || !by || found.has(by) || BUILD_FILE.test(path) || !sendingOf(facts, copy, file)) return;
    // Let in by a line that speaks of it, or asked for by name: that is meant.
    if (context.decide(file).by?.negated || others.some((other) => sendingOf(facts, other, file))) return;
    found.set(by, { path, file });
  };
  const enter = (directory: string): boolean => {
    if (!matcher.decide(directory).ignored) return !/(?:^|\/)(?:node_modules|\.git)$/.test(directory);
    if (matcher.couldReinclude(directory)) return true;
    for (const { path } of context.walk(directory, 1)) add(directory, path);
    return false;
  };
  for (const { path } of context.walk('.', MOST_FILES, enter)) add(path, path);
  return found;
}

/** Only where neither file has exceptions and no COPY asks for what the lines would leave out. */
function repeated(
  patterns: readonly IgnorePattern[],
  general: IgnoreFile,
  ignoreFile: IgnoreFile,
  facts: Facts,
): FixInput | null {
  if ([...general.patterns, ...ignoreFile.patterns].some(({ negated }) => negated)) return null;
  const matcher = createMatcher(patterns);
  const copies = facts.stages.flatMap((stage) => stage.copies).filter(({ broad }) => !broad);
  const asked = copies.flatMap(contextSources).flatMap(({ match }) => match.matches);
  if (asked.some(({ path }) => matcher.decide(path).ignored)) return null;
  const title = `Repeat ${patterns.length === 1 ? 'the line' : 'the lines'} in ${ignoreFile.source.path}`;
  const lines = patterns.map(({ text }) => text);
  return { title, edits: [appendPatterns(ignoreFile, lines)] };
}
