import { nearestName } from '../../context/closest.js';
import { baseName, joinPath, parentOf } from '../../context/paths.js';
import type { BuildContext } from '../../context/types.js';
import { isOutputPath } from '../../facts/build-output.js';
import { type MissingEntry, missingEntries } from '../../facts/missing-entry.js';
import { defineRule } from '../define-rule.js';

/** `node FILE` of a file that is not in the image ends at once: Cannot find module. */
export default defineRule({
  id: 'node/entry-exists',
  summary: 'Start a file that is in the image',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    missing: ({ text, effect, advice }: Told) => ({
      message: `${effect} (Cannot find module): nothing puts ${text} into the image`,
      help: advice,
    }),
    ignored: ({ text, effect, file }: Told & { file: string }) => ({
      message: `${effect} (Cannot find module): ${text} is left out of the build context`,
      help: `let it through in ${file}`,
    }),
    compiled: ({ text, advice, program }: Told & { program: string }) => ({
      message: `\`${program}\` fails (Cannot find module): the compiler does not write ${text}`,
      help: advice,
    }),
  },
  check({ facts, report }) {
    const { context } = facts;
    if (!context) return;
    const told = new Set<string>();
    for (const entry of missingEntries(facts)) {
      const { at, by, path, origins, command } = entry;
      const key = JSON.stringify('file' in at ? [at.file.path, at.span] : at);
      if (told.has(key)) continue;
      told.add(key);
      const data = { text: path, effect: effectOf(entry), advice: adviceOf(entry, context) };
      const related = by ? [{ at: by, message: `comes to \`${command.name} ${entry.file.path}\`` }] : [];
      const there = origins.find((origin) => context.kindOf(origin) === 'file');
      const pattern = there === undefined ? null : context.decide(there).by;
      if (pattern && context.ignoreFile) {
        const { source } = context.ignoreFile;
        const left = { at: { file: source, span: pattern.span }, message: 'this pattern leaves it out' };
        report('ignored', { at, data: { ...data, file: source.path }, related: [...related, left] });
      } else if (isOutputPath(path)) {
        report('compiled', { at, data: { ...data, program: `${command.name} ${entry.file.path}` }, related });
      } else report('missing', { at, data, related });
    }
  },
});

interface Told {
  readonly text: string;
  readonly effect: string;
  readonly advice: string;
}

function effectOf({ when }: MissingEntry): string {
  if (when === 'build') return 'the build stops';
  return when === 'health' ? 'the health check always fails' : 'the container ends as soon as it starts';
}

const MOST_NAMES = 500;

/** The nearest file of the same directory, and one that differs in case alone. */
function adviceOf({ origins, path }: MissingEntry, context: BuildContext): string {
  if (isOutputPath(path))
    return 'look at outDir, rootDir and include in tsconfig.json, and name the file that is written';
  for (const origin of origins) {
    const directory = parentOf(origin);
    const names = [...context.walk(directory, MOST_NAMES, () => false)].map((entry) => baseName(entry.path));
    const wanted = baseName(origin);
    const same = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
    if (same !== undefined)
      return `write the name as ${joinPath(directory, same)} has it: Linux tells upper from lower case`;
    const near = nearestName(wanted, names);
    if (near !== null) return `name the file that is there: ${joinPath(directory, near)}`;
  }
  return 'copy it, or name another file';
}
