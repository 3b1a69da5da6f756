import { type HostModules, hostModules } from '../../facts/host-modules.js';
import { createIgnoreFile, lackAt, leaveOut } from '../../facts/ignore-edit.js';
import { bringsLocalState } from '../../facts/local-state.js';
import { certainContext, contextSources, neededCopies, sendingOf } from '../../facts/sent-files.js';
import type { Facts } from '../../facts/types.js';
import type { Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** The packages of whoever builds reach the image, mostly over those that were installed for it. */
export default defineRule({
  id: 'context/ignore-node-modules',
  summary: 'Keep node_modules out of the build context',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'safe',
  messages: {
    over: (data: Data) => ({
      message: data.present
        ? `\`${data.path}\` of this machine overwrites the packages of the image: binaries for another system fail there`
        : `once packages are installed here, \`${data.path}\` of this machine overwrites that of the image, where its binaries may fail`,
      help: helpOf(data),
    }),
    present: (data: Data) => ({
      message: `this copies \`${data.path}\` of this machine as well: ${lackOf(data)}`,
      help: helpOf(data),
    }),
    coming: (data: Data) => ({
      message: `once packages are installed here, this copies \`${data.path}\` as well: ${lackOf(data)}`,
      help: helpOf(data),
    }),
    named: ({ path }: { path: string }) => ({
      message: `\`${path}\` of this machine goes into the image: packages with binaries for another system fail there`,
      help: 'copy the manifest and the lockfile, and install in the image',
    }),
  },
  check({ facts, report }) {
    const context = certainContext(facts);
    if (!context) return;
    const named = neededCopies(facts)
      .flatMap(contextSources)
      .filter(({ path, match }) => /(?:^|\/)node_modules\/?$/.test(path) && match.status === 'ok');
    for (const { word, path } of named) report('named', { at: word.span, data: { path }, severity: 'info' });
    const { ignoreFile } = context;
    if (named.length > 0) return;
    const all = hostModules(facts);
    const worst = all.find((one) => one.over) ?? all.find((one) => one.present) ?? all[0];
    const source = worst && sendingOf(facts, worst.copy, `${worst.path}/any-file`)?.source;
    if (!worst || !source || (!ignoreFile && isLeftToOther(worst, facts))) return;
    const nested = all.some((one) => one.path.includes('/'));
    const pattern = nested ? '**/node_modules' : 'node_modules';
    const data: Data = { present: worst.present, path: worst.path, file: ignoreFile?.source.path ?? null, pattern };
    report(worst.over ? 'over' : worst.present ? 'present' : 'coming', {
      at: source.word.span,
      data,
      severity: severityOf(worst),
      related: [
        ...(worst.over ? [{ at: placeOf(worst.over), message: "puts the image's own packages there" }] : []),
        ...(ignoreFile ? [lackAt(ignoreFile, worst.path)] : []),
      ],
      fix: {
        kind: all.every((one) => one.installed) ? 'safe' : 'suggestion',
        ...(ignoreFile
          ? leaveOut(ignoreFile, [pattern])
          : { title: 'Create .dockerignore', edits: [createIgnoreFile(context, [pattern])] }),
      },
    });
  },
});

interface Data {
  /** It is on disk now. */
  readonly present: boolean;
  readonly path: string;
  /** The ignore file; null where there is none. */
  readonly file: string | null;
  readonly pattern: string;
}

function helpOf({ file, pattern }: Data): string {
  return file === null ? `create .dockerignore with a line \`${pattern}\`` : `add a line \`${pattern}\` to ${file}`;
}

function lackOf({ file }: Data): string {
  return file === null ? 'no ignore file leaves it out' : `${file} does not leave it out`;
}

/** Without an ignore file, `context/ignore-missing` speaks of what is at the root, and of all that it would keep out. */
function isLeftToOther({ copy, path }: HostModules, facts: Facts): boolean {
  if (path === 'node_modules') return copy.broad;
  return copy.broad && bringsLocalState(facts, copy);
}

/** Proven where it is on disk and the image's own packages are lost; what may be kept in the repository may be meant. */
function severityOf({ present, maybeCommitted, over, replaced, installed }: HostModules): 'error' | 'warning' {
  if (!present || maybeCommitted || !installed) return 'warning';
  return over || !replaced ? 'error' : 'warning';
}

function placeOf(over: NonNullable<HostModules['over']>): Span {
  if (!('use' in over)) return over.instruction.keywordSpan;
  const { command } = over.use;
  return (command.subcommandWord ?? command.nameWord ?? command).span;
}
