import { cleanPath } from '../../context/paths.js';
import type { Instruction } from '../../dockerfile/ast.js';
import { defineRule } from '../define-rule.js';

/** Directories of the system; a project has directories of the same names. */
const SYSTEM = /^\/(?:|etc|usr|bin|sbin|lib|lib64|boot|usr\/(?:bin|sbin|lib)|var|var\/lib)$/;

/** Made anew for each container, so that what the image has there is not seen. */
const VIRTUAL = /^\/(?:proc|sys|dev)(?:\/|$)/;

const MAY_BE_VIRTUAL = /[$`\\]|^["']?\/+(?:proc|sys|dev|\.)/;

/** Relative paths of all that follows end there: of COPY, of RUN, and of the process. */
export default defineRule({
  id: 'instruction/no-system-workdir',
  summary: 'Work in a directory of your own',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    descriptor: ({ path }: { path: string }) => ({
      message: `\`${path}\` is a directory of the host with an old runc, and does not exist with a new one: CVE-2024-21626`,
      help: 'write a directory of your own, such as `WORKDIR /app`',
    }),
    virtual: ({ path }: { path: string }) => ({
      message: `\`${path}\` belongs to the kernel: each container gets its own, without what the build puts there`,
      help: 'write a directory of your own, such as `WORKDIR /app`',
    }),
    system: ({ path }: { path: string }) => ({
      message: `the whole build context lands in \`${path}\`, between the files of the system and over those of the same name`,
      help: 'write a directory of your own, such as `WORKDIR /app`',
    }),
  },
  check({ facts, report }) {
    for (const instruction of facts.instructions('WORKDIR')) {
      const [word] = instruction.words;
      const value = word && MAY_BE_VIRTUAL.test(word.text) ? facts.expand(word, instruction) : null;
      if (!word || !value?.ok || !value.value?.startsWith('/')) continue;
      const path = cleanPath(value.value);
      if (/^\/proc\/(?:self|\d+)\/(?:fd|cwd|root)(?:\/|$)/.test(path))
        report('descriptor', { at: word.span, data: { path }, severity: 'error' });
      else if (VIRTUAL.test(path) && !path.startsWith('/dev/shm')) report('virtual', { at: word.span, data: { path } });
    }
    const reported = new Set<Instruction>();
    for (const stage of facts.stages.filter(({ isShipped }) => isShipped)) {
      for (const { instruction, origin, broad } of stage.copies) {
        const workdir = origin === 'context' && broad ? facts.stateAt(instruction).workdir : null;
        const [word] = workdir?.by?.words ?? [];
        if (!workdir?.by || workdir.value === null || !word || reported.has(workdir.by)) continue;
        if (!SYSTEM.test(workdir.value) || !isHere(instruction.destination?.text, workdir.value)) continue;
        reported.add(workdir.by);
        const at = instruction.sources[0]?.span ?? instruction.argumentsSpan;
        report('system', {
          at: word.span,
          data: { path: workdir.value },
          related: [{ at, message: 'all of the context comes here' }],
        });
      }
    }
  },
});

function isHere(destination: string | undefined, path: string): boolean {
  return destination !== undefined && (/^(?:\.\/?)?$/.test(destination) || (destination === path && path !== '/'));
}
