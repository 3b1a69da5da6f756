import type { AddInstruction, CopyInstruction, Word } from '../../dockerfile/ast.js';
import { copyFactsOf, isMadeDirectory, isNamedInRun } from '../../facts/made-directories.js';
import type { CopyFacts, Facts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, type FixInput, semantics } from '../define-rule.js';

/** Without the slash the destination is a file to BuildKit unless a directory is there already. */
export default defineRule({
  id: 'instruction/copy-to-directory',
  summary: 'End the destination of several files in a slash',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3021'],
  like: { hadolint: { severity: 'error', options: { semantics: 'hadolint' } } },
  fix: 'safe',
  options: { semantics: semantics('hadolint') },
  messages: {
    lost: ({ path }: { path: string }) => ({
      message: `unless \`${path}\` is a directory already, each file is written over the one before, and only the last is left`,
      help: `write \`${path}/\``,
    }),
    refused: ({ path }: { path: string }) => ({
      message: `nothing says that \`${path}\` is a directory: builders other than BuildKit refuse to copy several files to it`,
      help: `write \`${path}/\``,
    }),
  },
  check({ document, facts, options, report }) {
    for (const copy of facts.instructions('COPY', 'ADD')) {
      const { destination, sources, heredocs } = copy;
      if (!destination || copy.failedJson) continue;
      const isBlunt = options.semantics === 'hadolint';
      if (isBlunt && copy.keyword === 'ADD') continue;
      const path = bare(destination);
      if (/[/\\]$/.test(path)) continue;
      const several = sources.length + heredocs.length > 1;
      const isLoss = losesFiles(copy, several, facts);
      if (isBlunt ? !several : !isLoss) continue;
      report(isLoss ? 'lost' : 'refused', {
        at: destination.span,
        data: { path: shorten(path, 60) },
        fix: withSlash(destination, document.source.text),
      });
    }
  },
});

function bare({ text }: Word): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}

function losesFiles(copy: CopyInstruction | AddInstruction, several: boolean, facts: Facts): boolean {
  if (copy.onbuild || !copy.destination || copy.words.some(({ text }) => /^["']/.test(text) && !/["']$/.test(text)))
    return false;
  // Only a pattern, which a variable may hold, brings several files by one name.
  if (!several && !copy.sources.some(({ text }) => /[*?[$]/.test(text))) return false;
  const expanded = facts.expand(copy.destination, copy);
  const path = expanded.ok ? expanded.value : null;
  // `.` is `./` to BuildKit.
  if (path === null || path === '' || /(?:^|[/\\])\.{0,2}$/.test(path)) return false;
  const own = copyFactsOf(copy, facts);
  if (!own || (!several && !matchesSeveral(own))) return false;
  if (copy.flags.some(({ name }) => name === 'parents') || beginsWithDirectory(own)) return false;
  return !isDirectory(own, facts);
}

/** A glob that brings several files; without the context nobody knows. */
function matchesSeveral({ matches }: CopyFacts): boolean {
  const found = matches.flatMap((match) => (match.status === 'ok' ? match.matches : []));
  return found.length > 1;
}

/** A directory makes the destination one, and what follows goes into it. */
function beginsWithDirectory({ matches, sources, origin }: CopyFacts): boolean {
  const [first] = matches;
  if (origin === 'context' && first) return first.status !== 'ok' || first.matches[0]?.kind === 'directory';
  const [source] = sources;
  if (!source) return false;
  const { path } = source;
  return path === null || /(?:^|[/\\])(?:\.{0,2}|\*)$/.test(path);
}

/** Directories of a system, and below those that its packages bring. */
const OF_A_SYSTEM =
  /^\/(?:(?:opt|srv)?$|(?:bin|boot|dev|etc|home|lib\w*|media|mnt|proc|root|run|sbin|sys|tmp|usr|var|docker-entrypoint[\w.-]*)(?:\/|$))/;

/** The image may have it, WORKDIR makes its directory, and an instruction above may have made this one. */
function isDirectory({ destination, stage, instruction }: CopyFacts, facts: Facts): boolean {
  if (destination === null || stage.image.windows) return true;
  // What an unknown image has, nobody knows.
  if (!stage.image.scratch && (!stage.image.known || OF_A_SYSTEM.test(destination))) return true;
  const workdir = facts.stateAt(instruction).workdir?.value ?? stage.image.workdir;
  if (workdir === destination || workdir?.startsWith(`${destination}/`)) return true;
  return (
    isMadeDirectory(destination, stage, instruction.span.start, facts) ||
    isNamedInRun(destination, stage, instruction.span.start, facts)
  );
}

function withSlash({ span }: Word, source: string): FixInput {
  const end = span.end - (/["']/.test(source.charAt(span.end - 1)) ? 1 : 0);
  return { title: 'Add the slash', edits: [{ span: { start: end, end }, text: '/' }] };
}
