import { NODE_LOCKFILES } from '../../context/lockfiles.js';
import { baseName } from '../../context/paths.js';
import type { Word } from '../../dockerfile/ast.js';
import { writeJsonForm } from '../../dockerfile/json-form.js';
import { mayBeMadeBeforeBuild } from '../../facts/made-before-build.js';
import { besideDockerfile, type ContextSource, certainContext, contextSources } from '../../facts/sent-files.js';
import type { CopyFacts, Facts } from '../../facts/types.js';
import { defineRule, type FixInput, replace } from '../define-rule.js';

/** COPY of a file that the build context does not have: the build stops there, after minutes of work perhaps. */
export default defineRule({
  id: 'context/copy-source-missing',
  summary: 'Copy only what is in the build context',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'safe',
  messages: {
    missing: ({ keyword, path, near }: Data) => ({
      message: `${keyword} fails here: the build context has no \`${path}\``,
      help: near === null ? adviceOn(path) : `did you mean \`${near}\`?`,
    }),
    beside: ({ keyword, path, near }: Data) => ({
      message: `${keyword} fails here: \`${path}\` is beside the Dockerfile, but paths start at the root of the build context`,
      help: `write \`${near}\`, or build with that directory as the context`,
    }),
    wrongCase: ({ keyword, path, near }: Data) => ({
      message: `${keyword} fails on Linux: the file is called \`${near}\`, not \`${path}\`, and case counts there`,
      help: `write \`${near}\``,
    }),
    wrongCaseGlob: ({ keyword, path, near }: Data) => ({
      message: `${keyword} brings nothing for \`${path}\` on Linux, without saying so: the file is called \`${near}\``,
      help: 'write the pattern in the case of the file',
    }),
    split: ({ keyword, json }: { keyword: string; json: string }) => ({
      message: `${keyword} fails here: a space ends a path, even with a backslash before it`,
      help:
        json.length < 120 ? `write ${keyword} ${json}` : `write the paths as a JSON array: ${keyword} ["...", "..."]`,
    }),
    outside: ({ keyword, path }: Data) => ({
      message: `${keyword} cannot leave the build context: \`${path}\` is looked for inside it, and is not there`,
      help: 'build with the parent directory as the context, or pass the other one by --build-context and use COPY --from',
    }),
  },
  check({ document, facts, report }) {
    if (!certainContext(facts)) return;
    const reported = new Set<Word>();
    for (const copy of facts.stages.flatMap((stage) => stage.copies)) {
      if (copy.stage.role === 'unreachable' || copy.instruction.failedJson) continue;
      const split = splitPaths(copy, document.escape);
      for (const source of contextSources(copy)) {
        const problem = problemOf(source, facts);
        if (!problem) continue;
        const { id, near } = problem;
        const path = source.path;
        const words = split.get(source.word);
        const [first, last] = [words?.[0], words?.at(-1)];
        if (first && last) {
          if (reported.has(first)) continue;
          reported.add(first);
          const json = jsonForm(copy, document.escape);
          const at = { start: first.span.start, end: last.span.end };
          report('split', { at, data: { keyword: copy.instruction.keyword, json } });
          continue;
        }
        report(id, {
          at: source.word.span,
          data: { keyword: copy.instruction.keyword, path, near },
          fix: near === null || id === 'wrongCaseGlob' ? null : rename(copy, source, near, id === 'wrongCase'),
          ...(id === 'wrongCaseGlob' ? { severity: 'warning' } : {}),
        });
      }
    }
  },
});

function adviceOn(path: string): string {
  return NODE_LOCKFILES.has(baseName(path))
    ? 'run the install in the project and commit the lockfile that it writes: it pins the versions that were tested'
    : 'paths start at the root of the build context; check the name';
}

interface Data {
  readonly keyword: string;
  readonly path: string;
  readonly near: string | null;
}

interface Problem {
  readonly id: 'missing' | 'beside' | 'wrongCase' | 'wrongCaseGlob' | 'outside';
  readonly near: string | null;
}

function problemOf({ word, path, match }: ContextSource, facts: Facts): Problem | null {
  const { status, glob, didYouMean } = match;
  if (status === 'wrong-case' && didYouMean !== null) {
    return { id: glob ? 'wrongCaseGlob' : 'wrongCase', near: didYouMean };
  }
  // BuildKit lets a pattern match nothing, and a build argument may name another file.
  if ((status !== 'missing' && status !== 'outside') || glob || word.text.includes('$')) return null;
  if (mayBeMadeBeforeBuild(facts, path)) return null;
  if (status === 'outside') return { id: 'outside', near: null };
  const beside = besideDockerfile(facts, path);
  return beside === null ? { id: 'missing', near: didYouMean } : { id: 'beside', near: beside };
}

/** For each word of a path with an escaped space (`a\ b.txt`), all the words that were meant as that one path. */
function splitPaths(
  { instruction: { exec, sources } }: CopyFacts,
  escapeCharacter: string,
): ReadonlyMap<Word, readonly Word[]> {
  const paths = new Map<Word, readonly Word[]>();
  let path: Word[] = [];
  for (const word of exec ? [] : sources) {
    path.push(word);
    if (path.length > 1) paths.set(word, path).set(path[0] ?? word, path);
    if (!word.text.endsWith(escapeCharacter)) path = [];
  }
  return paths;
}

function jsonForm({ instruction }: CopyFacts, escapeCharacter: string): string {
  const text = [...instruction.sources, instruction.destination].map((word) => word?.text ?? '').join(' ');
  const paths = text.replaceAll(`${escapeCharacter} `, '\0').split(' ');
  return writeJsonForm(paths.map((path) => path.replaceAll('\0', ' ')));
}

/** Writes another path in the way the word was written; null where that cannot be done without a doubt. */
function rename(
  { instruction }: CopyFacts,
  { word, path }: ContextSource,
  near: string,
  safe: boolean,
): FixInput | null {
  // Short names are near to many others.
  if (!safe && (/[^/]*\/?$/.exec(path)?.[0] ?? '').length < 4) return null;
  if (word.text !== path || /[\s"'\\$]/.test(near)) return null;
  const before = /^(?:\.?\/)*/.exec(path)?.[0] ?? '';
  const after = path.endsWith('/') ? '/' : '';
  const kind = safe ? 'safe' : 'suggestion';
  const written = `${before}${near}${after}`;
  return { kind, title: `Copy ${near}`, edits: [replace(word, instruction.exec ? JSON.stringify(written) : written)] };
}
