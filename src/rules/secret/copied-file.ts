import { secretByName } from '../../facts/secret-file.js';
import { certainContext, contextSources, reachesImage } from '../../facts/sent-files.js';
import type { CopyFacts, Facts } from '../../facts/types.js';
import type { Span } from '../../model/span.js';
import { defineRule } from '../define-rule.js';

/** A file in a layer is there for everyone who can pull the image, even after a later RUN removes it. */
export default defineRule({
  id: 'secret/copied-file',
  summary: 'Do not copy files that hold secrets',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    shipped: ({ what, path }: { what: string; path: string }) => ({
      message: `\`${path}\` holds ${what}, and everyone who can pull the image can read it, even if a later RUN removes it`,
      help: 'mount it where it is needed, with `RUN --mount=type=secret` or `--mount=type=ssh`, or when the container starts',
    }),
    built: ({ what, path }: { what: string; path: string }) => ({
      message: `\`${path}\` holds ${what}, and stays in a layer of the build cache`,
      help: 'mount it where it is needed: `RUN --mount=type=secret`, or `--mount=type=ssh` for keys of SSH',
    }),
  },
  check({ facts, report }) {
    for (const stage of facts.stages) {
      for (const copy of stage.copies) {
        if (copy.origin === 'image') continue;
        for (const { what, path, imagePath, at } of secretsOf(copy, facts)) {
          const shipped = stage.role !== 'unreachable' && reachesImage(facts, stage, imagePath);
          report(shipped ? 'shipped' : 'built', {
            at,
            data: { what, path },
            severity: shipped && !stage.isDevelopment ? 'error' : 'warning',
          });
        }
      }
    }
  },
});

interface Secret {
  readonly what: string;
  readonly path: string;
  readonly imagePath: string | null;
  readonly at: Span;
}

function secretsOf(copy: CopyFacts, facts: Facts): readonly Secret[] {
  const { destination, instruction } = copy;
  const local = copy.sources.filter(({ remote }) => !remote);
  const found = local.flatMap(({ word, path }) => {
    const what = path === null || isSeen(path, copy, facts) ? null : secretByName(path);
    if (path === null || what === null) return [];
    const name = path.slice(path.lastIndexOf('/') + 1);
    const imagePath = destination && copy.intoDirectory ? `${destination}/${name}`.replace('//', '/') : destination;
    return [{ what, path, imagePath, at: word.span }];
  });
  const [only] = local;
  if (found.length > 0 || local.length !== 1 || !only || !destination || !instruction.destination) return found;
  const what = only.path !== null && isPublic(only.path, copy, facts) ? null : secretByName(destination);
  return what === null ? [] : [{ what, path: destination, imagePath: destination, at: instruction.destination.span }];
}

/** What the build context shows is judged by its content: by context/ignore-secrets. */
function isSeen(path: string, copy: CopyFacts, facts: Facts): boolean {
  if (copy.origin !== 'context' || certainContext(facts) === null) return false;
  return contextSources(copy).some((source) => source.path === path && source.match.matches.length > 0);
}

function isPublic(path: string, copy: CopyFacts, facts: Facts): boolean {
  return (
    /\.pub$|(?:^|[-_./])(?:examples?|samples?|dummy|fake|tests?|insecure)(?:$|[-_./])/i.test(path) ||
    isSeen(path, copy, facts)
  );
}
