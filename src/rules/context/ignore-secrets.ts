import { leaveOut, patternOf, rootLine } from '../../facts/ignore-edit.js';
import { type FileSecret, secretIn } from '../../facts/secret-file.js';
import { certainContext, neededCopies, reachesImage, sendingOf, sentFiles } from '../../facts/sent-files.js';
import type { Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** Files listed for one Dockerfile; the last finding says how many more there are. */
const MOST_FINDINGS = 5;

/** A key or a password of the build context becomes part of a layer, where everyone who pulls the image can read it. */
export default defineRule({
  id: 'context/ignore-secrets',
  summary: 'Keep files with secrets out of the image',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'suggestion',
  messages: {
    shipped: ({ path, what, more, help }: Data) => ({
      message: `this copies ${what} from \`${path}\` into the image, where everyone who can pull it can read it${more}`,
      help,
    }),
    built: ({ path, what, more, help }: Data) => ({
      message: `this copies ${what} from \`${path}\` into a layer that stays in the build cache${more}`,
      help,
    }),
  },
  check({ facts, report }) {
    const context = certainContext(facts);
    if (!context) return;
    const { ignoreFile } = context;
    const found = new Map<string, Found>();
    for (const copy of neededCopies(facts)) {
      for (const path of sentFiles(facts, copy)) {
        const known = found.get(path);
        const secret = known?.secret ?? secretIn(context, path);
        const sending = secret && !known?.shipped ? sendingOf(facts, copy, path) : null;
        if (!secret || !sending) continue;
        const shipped = reachesImage(facts, copy.stage, sending.imagePath);
        if (known && !shipped) continue;
        const named = sending.source.match.matches.some((entry) => entry.path === path);
        found.set(path, { secret, shipped, named, at: sending.source.word.span });
      }
    }
    const shown = [...found.values()].slice(0, MOST_FINDINGS);
    for (const [index, { secret, shipped, named, at }] of shown.entries()) {
      const left = index === shown.length - 1 ? found.size - shown.length : 0;
      const short = ignoreFile && rootLine(ignoreFile, secret.path);
      const line = short ? `**/${short.pattern}` : secret.path;
      const pattern = named || !ignoreFile ? null : short ? line : patternOf(line);
      report(shipped ? 'shipped' : 'built', {
        at,
        data: {
          path: secret.path,
          what: secret.what,
          more: left > 0 ? ` (and ${left} more such files)` : '',
          help: helpOf(named, secret.path, line, ignoreFile?.source.path ?? 'a .dockerignore'),
        },
        ...(shipped && secret.certain ? {} : { severity: 'warning' }),
        related: [
          ...(secret.place ? [{ at: secret.place, message: 'the value itself is not shown' }] : []),
          ...(short && !named
            ? [{ at: { file: ignoreFile.source, span: short.span }, message: 'counts only at the root of the context' }]
            : []),
        ],
        fix: pattern === null || !ignoreFile ? null : leaveOut(ignoreFile, [pattern]),
      });
    }
  },
});

interface Found {
  readonly secret: FileSecret;
  readonly shipped: boolean;
  /** COPY asks for this very file, so that it would fail without it. */
  readonly named: boolean;
  readonly at: Span;
}

interface Data {
  readonly path: string;
  readonly what: string;
  readonly more: string;
  readonly help: string;
}

function helpOf(named: boolean, path: string, line: string, file: string): string {
  const isNpmrc = /(?:^|\/)\.npmrc$/.test(path);
  const instead = isNpmrc
    ? 'mount it for the install: `RUN --mount=type=secret,id=npmrc,target=/root/.npmrc`'
    : 'give it to the container when it starts, or to one RUN with --mount=type=secret';
  return named ? instead : `add a line \`${line}\` to ${file}; ${instead}`;
}
