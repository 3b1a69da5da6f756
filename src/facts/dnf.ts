import type { Instruction } from '../dockerfile/ast.js';
import type { CommandUse, CopyFacts, Facts, StageFacts } from './types.js';

/** The commands that are dnf, or were before it. */
export const DNF_COMMANDS = ['yum', 'dnf', 'microdnf'];

/** Where one or another version of them keeps what it fetches. */
export const DNF_CACHES = ['/var/cache/yum', '/var/cache/dnf', '/var/cache/libdnf5'];

/** Images that the table of base images does not have, with the configuration of their distribution. */
const STOCK = new Set(['docker.io/library/centos', 'quay.io/centos/centos']);

/**
 * True where the configuration of dnf may answer its questions (`assumeyes=True`): the file speaks of that, something is
 * copied over the configuration, or the base image is not known. {@link https://dnf.readthedocs.io/en/latest/conf_ref.html}
 */
export function mayAssumeYes({ stage, instruction }: CommandUse, facts: Facts): boolean {
  if (!stage || !(stage.image.known || STOCK.has(stage.image.name ?? ''))) return true;
  if (/(?<!--)\b(?:assumeyes|defaultyes)\b/i.test(facts.document.source.text)) return true;
  for (let one: StageFacts | null = stage; one; one = one.parent) {
    if (one.copies.some((copy) => mayConfigure(copy, instruction))) return true;
  }
  return false;
}

function mayConfigure({ destination, sources, instruction }: CopyFacts, before: Instruction): boolean {
  if (instruction.span.start > before.span.start) return false;
  if (destination === null || /^\/etc(?:\/(?:dnf|yum).*)?$/.test(destination)) return true;
  // `COPY entrypoint.sh /` is no configuration; `COPY rootfs/ /` may be.
  return destination === '/' && sources.some(({ path }) => path === null || /(?:^|\/)[^./]*\/?$/.test(path));
}
