import type { Mount, RunInstruction } from '../../dockerfile/ast.js';
import { type LayerWrite, layerWrites } from '../../facts/layer-writes.js';
import type { Facts } from '../../facts/types.js';
import type { ShellWord } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** A secret mount is in no layer, as long as nobody copies it into one. */
export default defineRule({
  id: 'secret/mount-leak',
  summary: 'Leave mounted secrets where they are',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    leak: ({ path, shipped }: { path: string; shipped: boolean }) => ({
      message: `this writes the mounted secret into \`${path}\`, which stays in ${shipped ? 'the image for everyone who can pull it' : 'a layer of the build cache'}`,
      help: `mount it where it is read, with \`target=\` or \`env=\`, or remove the file within the same RUN`,
    }),
  },
  check({ facts, report }) {
    for (const run of facts.instructions('RUN')) {
      const mounts = run.mounts.filter(({ type }) => type === 'secret');
      if (mounts.length === 0) continue;
      const secrets = secretsOf(mounts, run, facts);
      for (const write of layerWrites(run, facts)) {
        const mount = mountOf(write, secrets);
        if (!mount) continue;
        const shipped = facts.stageOf(run)?.isShipped ?? false;
        report('leak', {
          at: mount.word.span,
          data: { path: write.path, shipped },
          severity: shipped ? 'error' : 'warning',
          related: [{ at: mount.secret.mount.flag.span, message: 'is mounted to be in no layer' }],
        });
      }
    }
  },
});

interface Secret {
  readonly mount: Mount;
  /** Where it is mounted as a file; null: nowhere. */
  readonly file: string | null;
  /** Variables of the script that hold it. */
  readonly variables: ReadonlySet<string>;
}

function secretsOf(mounts: readonly Mount[], run: RunInstruction, facts: Facts): readonly Secret[] {
  const commands = facts.commandsOf(run).map(({ command }) => command);
  return mounts.map((mount) => {
    const { options } = mount;
    const env = options.get('env');
    const target =
      options.get('target') ?? (options.has('id') && !env ? `/run/secrets/${options.get('id')}` : undefined);
    const file = target?.includes('$') ? null : (target ?? null);
    const variables = new Set(env && !env.includes('$') ? [env] : []);
    for (const { assignments, nameWord, operands } of commands) {
      const given = nameWord
        ? operands.map(({ text }) => text)
        : assignments.map(({ name, value }) => `${name}=${value?.text}`);
      for (const text of given) {
        const name = /^(\w+)=/.exec(text)?.[1];
        if (name && file !== null && prints(text.slice(name.length + 1), file)) variables.add(name);
      }
    }
    return { mount, file, variables };
  });
}

function mountOf(
  { kind, content }: LayerWrite,
  secrets: readonly Secret[],
): { secret: Secret; word: ShellWord } | null {
  for (const secret of secrets) {
    const { file, variables } = secret;
    const word = content.find((one) => {
      if (kind === 'file') return file !== null && one.value === file;
      return one.variables.some((name) => variables.has(name)) || (file !== null && prints(one.text, file));
    });
    if (word) return { secret, word };
  }
  return null;
}

/** `$(cat /run/secrets/token)` and the like. */
function prints(text: string, file: string): boolean {
  for (let at = text.indexOf(file); at >= 0; at = text.indexOf(file, at + file.length)) {
    const before = /(?:\$\(|`)\s*(?:cat|<)\s*["']?$/.test(text.slice(Math.max(0, at - 40), at));
    if (before && /^["']?\s*[)`|]/.test(text.slice(at + file.length)) && !/sum\b/.test(text)) return true;
  }
  return false;
}
