import { problemSentence } from '../../context/json.js';
import { joinPath } from '../../context/paths.js';
import type { NodeProject } from '../../context/types.js';
import { installSpan, installText } from '../../facts/install-inputs.js';
import type { CopyFacts, Facts } from '../../facts/types.js';
import type { Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** A package.json that is not what npm and node expect stops the install, or the program when it starts. */
export default defineRule({
  id: 'node/valid-manifest',
  summary: 'Copy a package.json that npm and node can read',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  messages: {
    broken: ({ reader, path, problem }: { reader: string; path: string; problem: string }) => ({
      message: `${reader} stops at ${path}: ${problem}`,
      help: 'write it as JSON: double quotes, commas between the members and none at the end, no comments',
    }),
    wrong: ({ problem }: { problem: string }) => ({
      message: `${problem}; npm refuses it or leaves it out`,
      help: 'write it as https://docs.npmjs.com/cli/configuring-npm/package-json describes it',
    }),
  },
  check({ facts, report }) {
    for (const { project, reader, at, words } of readersOf(facts)) {
      const { source, problems } = project.manifest;
      const [first] = problems;
      if (!first) continue;
      const related = [{ at, message: words }];
      if (!isReadable(source.text)) {
        const data = { reader, path: source.path, problem: problemSentence(first.message) };
        report('broken', { at: { file: source, span: spanIn(source.text, first.span) }, data, related });
        continue;
      }
      for (const { message, span } of problems) {
        report('wrong', { at: { file: source, span }, data: { problem: message }, severity: 'warning', related });
      }
    }
  },
});

/** Who in the image reads the package.json of a project. */
interface Reader {
  readonly project: NodeProject;
  readonly reader: string;
  readonly at: Span;
  readonly words: string;
}

/** One reader for each project: the first install by it, or node where it is only copied. */
function readersOf(facts: Facts): Iterable<Reader> {
  const readers = new Map<NodeProject, Reader>();
  for (const install of facts.node.installs) {
    const { project, stage, manager } = install;
    // Bun takes comments and commas at the end.
    if (!project || stage.role === 'unreachable' || manager === 'bun' || readers.has(project)) continue;
    const text = installText(install);
    readers.set(project, { project, reader: `\`${text}\``, at: installSpan(install), words: 'reads it' });
  }
  for (const stage of facts.stages) {
    if (stage.role === 'unreachable' || stage.image.family !== 'node') continue;
    for (const copy of stage.copies) {
      const at = copy.sources[0]?.word.span;
      for (const project of at ? projectsOf(copy, facts) : []) {
        // Of fields node looks at none that are checked here.
        if (!at || readers.has(project) || isReadable(project.manifest.source.text)) continue;
        readers.set(project, { project, reader: 'node', at, words: 'brings it' });
      }
    }
  }
  return readers.values();
}

/** The projects whose package.json a COPY names, or that are a directory that it names. */
function projectsOf(copy: CopyFacts, facts: Facts): readonly NodeProject[] {
  const entries = copy.origin === 'context' ? copy.matches.flatMap((match) => match.matches) : [];
  return entries.flatMap(({ path, kind }) => {
    const directory = kind === 'directory' ? path : /^(?:(.*)\/)?package\.json$/.exec(path)?.[1];
    const isManifest = kind === 'directory' || /(?:^|\/)package\.json$/.test(path);
    if (!isManifest || !facts.context?.isSent(joinPath(directory ?? '.', 'package.json'))) return [];
    const project = facts.context.node(directory ?? '.');
    return project ? [project] : [];
  });
}

function isReadable(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** An empty file has no character to mark. */
function spanIn(text: string, span: Span): Span {
  return span.end > span.start ? span : { start: 0, end: Math.min(1, text.length) };
}
