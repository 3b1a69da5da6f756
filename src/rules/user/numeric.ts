import type { Word } from '../../dockerfile/ast.js';
import { isRoot } from '../../facts/privileges.js';
import type { Facts, StageFacts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, findFlag, semantics } from '../define-rule.js';

/** Kubernetes does not look into the image for what a name stands for. */
export default defineRule({
  id: 'user/numeric',
  summary: 'Name the user of the container by number',
  category: 'runtime',
  severity: 'info',
  presets: [],
  since: '0.2.0',
  aliases: ['DL3066'],
  like: { hadolint: { severity: 'info', options: { semantics: 'hadolint' } } },
  fix: 'suggestion',
  options: { semantics: semantics('hadolint') },
  messages: {
    name: ({ name, id }: { name: string; id: string | null }) => ({
      message: `\`${name}\` is a name, and Kubernetes knows users by number: with \`runAsNonRoot\` it refuses to start the container`,
      help: id === null ? 'write the number of the user' : `write its number, ${id}`,
    }),
  },
  check({ facts, options, report }) {
    if (options.semantics === 'hadolint') {
      for (const { word, name } of namesOfUsers(facts)) report('name', { at: word.span, data: { name, id: null } });
      return;
    }
    const { target } = facts;
    const user = target?.final.user;
    if (!target || !user?.by || user.value === null || target.image.windows || target.isDevelopment) return;
    const [name = ''] = user.value.split(':');
    const [word] = user.by.words;
    if (name === '' || /^\d+$/.test(name) || isRoot(name) || !word) return;
    const id = idOf(name, target, facts);
    const isLiteral = id !== null && word.text.startsWith(name) && word.span.end - word.span.start === word.text.length;
    const span = { start: word.span.start, end: word.span.start + name.length };
    report('name', {
      at: isLiteral ? span : word.span,
      data: { name: shorten(name), id },
      fix: isLiteral ? { title: `Write ${id}`, edits: [{ span, text: id }] } : null,
    });
  },
});

/** Every USER that is no number and no argument, as hadolint sees it. */
function namesOfUsers(facts: Facts): readonly { word: Word; name: string }[] {
  const declared = new Set(facts.instructions('ARG').flatMap(({ pairs }) => pairs.map(({ key }) => key.text)));
  return facts.instructions('USER').flatMap(({ words: [word] }) => {
    if (!word || /^\d+(?::\d+)?$/.test(word.text)) return [];
    const variable = /^\$\{?(\w+)/.exec(word.text)?.[1];
    return variable !== undefined && declared.has(variable) ? [] : [{ word, name: shorten(word.text) }];
  });
}

/** The number that the stage, or one below it, gives to the user. */
function idOf(name: string, target: StageFacts, facts: Facts): string | null {
  for (const { command, stage } of facts.commands('useradd', 'adduser').toReversed()) {
    if (!stage?.isShipped || !command.operands.some(({ value }) => value === name)) continue;
    const id = findFlag(command, '-u', '--uid');
    return id?.value && id.literal && /^\d+$/.test(id.value) ? id.value : null;
  }
  const user = target.image.users?.find((one) => one.startsWith(`${name}:`));
  return user?.slice(name.length + 1) ?? null;
}
