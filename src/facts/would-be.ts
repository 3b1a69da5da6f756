import { isWithin, joinPath, parentOf, relativePath } from '../context/paths.js';
import type { BuildContext } from '../context/types.js';
import type { Instruction } from '../dockerfile/ast.js';
import { copiesBefore } from './node.js';
import { contextSources } from './sent-files.js';
import type { Facts, StageFacts } from './types.js';
import { resolveInImage } from './variables.js';

const MOST = 20;

/**
 * The paths of the build context from which a file of the image would come, were they there and sent: through each COPY of a
 * directory over its place, through other stages too.
 */
export function wouldComeFrom(
  stage: StageFacts,
  before: Instruction | null,
  imagePath: string,
  facts: Facts,
  found: Set<string> = new Set(),
): ReadonlySet<string> {
  const end = before ?? stage.stage.instructions.at(-1);
  if (!end) return found;
  const copies = before
    ? copiesBefore(stage, before)
    : [...copiesBefore(stage, end), ...stage.copies.filter((copy) => copy.instruction === end)];
  for (const copy of copies) {
    const { destination, origin, fromStage } = copy;
    if (found.size >= MOST) break;
    if (destination === null || !isWithin(destination, imagePath)) continue;
    const rest = relativePath(destination, imagePath);
    if (origin === 'context') {
      for (const { match } of contextSources(copy)) {
        for (const { path, kind } of match.matches) if (kind === 'directory') found.add(joinPath(path, rest));
      }
    } else if (origin === 'stage' && fromStage && fromStage.index < stage.index) {
      for (const { path } of copy.sources) {
        const source = path === null ? null : resolveInImage('/', path);
        if (source !== null) wouldComeFrom(fromStage, null, joinPath(source, rest), facts, found);
      }
    }
  }
  return found;
}

/**
 * True where a path of the context may be there when the image is built, although it is not now: git ignores it, so that
 * something may make it before, or it belongs to another repository, or lies behind a link.
 */
export function mayComeLater(path: string, context: BuildContext): boolean {
  if (context.isGitIgnored(path)) return true;
  for (let at = parentOf(path); at !== '.' && at !== '/'; at = parentOf(at)) {
    if (context.kindOf(at) === 'link') return true;
  }
  const submodules = context.read('.gitmodules')?.text ?? '';
  return [...submodules.matchAll(/^\s*path\s*=\s*(\S+)/gm)].some(([, module = '']) =>
    isWithin(`/${module}`, `/${path}`),
  );
}
