import type { Instruction } from '../../dockerfile/ast.js';
import { finalPrivilege, hasPlainStart, isRoot, mayDropPrivileges } from '../../facts/privileges.js';
import type { Facts, StageFacts } from '../../facts/types.js';
import { defineRule, flag, type ReportInput, semantics } from '../define-rule.js';

/** Whoever takes over a process of root's has every file of the container, and one wall less to the host. */
export default defineRule({
  id: 'user/no-root',
  summary: 'Switch to another user than root for the container',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3002'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  options: {
    implicit: flag({
      describe: 'Report an image that sets no USER at all, too, where its base image is known to be root',
    }),
    semantics: semantics('hadolint'),
  },
  messages: {
    explicit: ({ back, user }: { back: string | null; user: string | null }) => ({
      message: 'the container starts as root: whoever breaks into its process may change everything in it',
      help:
        back === null
          ? `end the stage with ${user ? `\`USER ${user}\`` : 'a USER that is not root'}, and keep root for the instructions that need it`
          : `write \`USER ${back}\` again behind the instructions that need root`,
    }),
    stage: (_: object) => ({
      message: 'this stage ends as root: every container and every stage that starts from it is root as well',
      help: 'end the stage with a USER that is not root, and keep root for the instructions that need it',
    }),
    implicit: ({ image, user }: { image: string; user: string }) => ({
      message: `the container starts as root, since \`${image}\` does and no USER is set`,
      help: `write \`USER ${user}\` before it`,
    }),
  },
  check({ facts, options, report }) {
    const { target } = facts;
    if (options.semantics === 'hadolint') {
      for (const stage of facts.stages) {
        const by = stage.stage.instructions.findLast(({ keyword }) => keyword === 'USER');
        const name = by?.words[0];
        if (!by || !name || !isRoot(name.text)) continue;
        if (stage === target) report('explicit', explicit(stage, by, facts));
        else report('stage', { at: name.span, data: {} });
      }
      return;
    }
    if (!target || target.isDevelopment || target.image.windows || finalPrivilege(target) !== 'root') return;
    if (mayDropPrivileges(target, facts)) return;
    // Images whose entrypoint starts as root, such as those of databases, give it up there.
    if (target.image.user === 'root' && target.image.entrypoint?.length && !hasPlainStart(target)) return;
    const { user } = target.final;
    if (user?.by) report('explicit', explicit(target, user.by, facts));
    else if (!user && options.implicit) {
      const start = target.cmd ?? target.entrypoint;
      const image = target.image.word;
      if (!start || !image || !hasPlainStart(target)) return;
      report('implicit', {
        at: start.keywordSpan,
        data: { image: image.text, user: ordinaryUser(target) ?? '10001' },
        severity: 'info',
        related: [{ at: image.span, message: 'runs as root unless it is told otherwise' }],
      });
    }
  },
});

function explicit(
  target: StageFacts,
  by: Instruction,
  facts: Facts,
): ReportInput<{ back: string | null; user: string | null }> {
  const before = facts.stateAt(by).user;
  const name = before ? before.value : target.image.user;
  const back = name === null || name === '' || isRoot(name) ? null : name;
  const related =
    before?.by && back !== null ? [{ at: before.by.argumentsSpan, message: 'it was another user here' }] : [];
  const start = target.entrypoint ?? target.cmd;
  if (start) related.push({ at: start.keywordSpan, message: 'runs as root' });
  return { at: (by.words[0] ?? { span: by.argumentsSpan }).span, data: { back, user: ordinaryUser(target) }, related };
}

/** The user that the official image has for this. */
function ordinaryUser({ image }: StageFacts): string | null {
  const names = image.users?.map((user) => user.split(':')[0] ?? '');
  return names?.find((name) => /^(?:node|bun|deno|app|nonroot)$/.test(name)) ?? null;
}
