import type { FromInstruction, Word } from '../ast.js';
import { consequence, type Draft, report, wordsOf } from '../draft.js';
import { expandWord } from '../expand.js';
import { checkFlags } from '../flags.js';
import { parseImageReference } from '../image-reference.js';
import { checkPlatform } from '../platform.js';
import { suggest, suggestVariable } from '../suggest.js';
import { splitBlanks } from '../words.js';

/** Set by BuildKit before the first FROM without any ARG. */
const PLATFORM_ARGS: readonly string[] =
  'BUILDPLATFORM BUILDOS BUILDOSVERSION BUILDARCH BUILDVARIANT TARGETPLATFORM TARGETOS TARGETOSVERSION TARGETARCH TARGETVARIANT TARGETSTAGE'.split(
    ' ',
  );

export function readFrom(draft: Draft): FromInstruction {
  const { base, line, parts, context } = draft;
  const words = wordsOf(draft, splitBlanks(line.text, parts.argumentsStart, parts.argumentsEnd));
  checkFlags(draft);
  const [image = null, second = null, third = null] = words;
  const as = second && second.text.toLowerCase() === 'as' ? second : null;
  const name = as ? third : null;
  checkShape(draft, words, as);
  // Of what is not even shaped like FROM, the first word need not be an image.
  if (image && (as || !second)) checkImage(draft, image);
  for (const flag of base.flags) if (flag.name === 'platform' && flag.value) checkPlatformFlag(draft, flag.value);
  if (name) checkStageName(draft, name);
  if (name) context.stageNames.add(name.text.toLowerCase());
  return { ...base, keyword: 'FROM', words, image, as, name };
}

function checkShape(draft: Draft, words: readonly Word[], as: Word | null): void {
  const [, second, , fourth] = words;
  if (words.length === 0) {
    report(draft, 'missing-arguments', {
      message: `FROM names no image: ${consequence(draft)}`,
      help: 'write FROM <image>:<tag>, or FROM scratch for an empty one',
      span: draft.base.keywordSpan,
    });
  } else if (as && words.length === 2) {
    report(draft, 'missing-arguments', {
      message: `there is no stage name after AS: ${consequence(draft)}`,
      help: 'write FROM <image> AS <name>',
      span: as.span,
    });
  } else if (second && !as) {
    const isNear = words.length === 3 && suggest(second.text, ['AS']) !== null;
    report(draft, 'extra-arguments', {
      message: `FROM takes an image and \`AS <name>\`, not \`${second.text}\`: ${consequence(draft)}`,
      help: second.text.startsWith('#') ? 'put the comment on a line of its own' : 'write FROM <image> AS <name>',
      span: second.span,
      suggestion: isNear ? 'AS' : null,
    });
  } else if (fourth) {
    report(draft, 'extra-arguments', {
      message: `\`${fourth.text}\` stands behind the stage name: ${consequence(draft)}`,
      help: fourth.text.startsWith('#') ? 'put the comment on a line of its own' : 'delete it',
      span: fourth.span,
    });
  }
}

function checkStageName(draft: Draft, name: Word): void {
  const lower = name.text.toLowerCase();
  if (!/^[a-z][a-z0-9\-_.]*$/.test(lower)) {
    report(draft, 'invalid-value', {
      message: `\`${name.text}\` cannot be a stage name: ${consequence(draft)}`,
      help: 'begin with a letter, then letters, digits, `-`, `_` and `.`',
      span: name.span,
    });
  }
}

function checkImage(draft: Draft, image: Word): void {
  const expanded = expandGlobal(draft, image);
  if (expanded === null) return;
  const { value, unset } = expanded;
  if (value === 'scratch' || draft.context.stageNames.has(value.toLowerCase())) return;
  const hint = unset.length > 0 ? unsetHelp(draft, unset) : null;
  if (value === '') {
    report(draft, 'invalid-image-reference', {
      message: `\`${image.text}\` is empty here: ${consequence(draft)}`,
      help: hint ?? 'write FROM <image>:<tag>',
      span: image.span,
    });
    return;
  }
  const reference = parseImageReference(value);
  if (reference.ok) return;
  const lower = value.toLowerCase();
  // All in capitals it is more likely a placeholder.
  const isCaseOnly = value === image.text && value !== value.toUpperCase() && parseImageReference(lower).ok;
  const bare = value === image.text ? value.replace(/^https?:\/\//i, '') : value;
  const meant = isCaseOnly ? lower : bare !== value && parseImageReference(bare).ok ? bare : null;
  report(draft, 'invalid-image-reference', {
    message: `\`${value}\` ${reference.message}: ${consequence(draft)}`,
    help: hint ?? (meant === null ? null : `write ${meant}`),
    span: image.span,
    suggestion: meant,
  });
}

function checkPlatformFlag(draft: Draft, word: Word): void {
  const expanded = expandGlobal(draft, word);
  if (expanded === null) return;
  const { value, unset } = expanded;
  const hint = unset.length > 0 ? unsetHelp(draft, unset) : null;
  if (value === '') {
    // `--platform=` without anything means the default.
    if (word.text === '') return;
    report(draft, 'invalid-flag-value', {
      message: `\`${word.text}\` is empty here: ${consequence(draft)}`,
      help: hint,
      span: word.span,
    });
    return;
  }
  const platform = checkPlatform(value);
  if (platform.ok) return;
  report(draft, 'invalid-flag-value', {
    message: `${platform.message}: ${consequence(draft)}`,
    help: hint ?? (platform.suggestion ? `did you mean \`${platform.suggestion}\`?` : 'write it as linux/amd64'),
    span: word.span,
    suggestion: word.text === value ? platform.suggestion : null,
  });
}

/** The value as far as it is fixed: null where an ARG that may be set takes part, or where it was reported. */
function expandGlobal(draft: Draft, word: Word): { value: string; unset: readonly string[] } | null {
  const { escape: escapeCharacter, globalArgs } = draft.context;
  const lookup = (name: string): null | undefined =>
    globalArgs.has(name) || PLATFORM_ARGS.includes(name) ? null : undefined;
  const result = expandWord(word.text, lookup, { escape: escapeCharacter });
  if (result.ok) return result.value === null ? null : { value: result.value, unset: result.unmatched };
  report(draft, 'invalid-expansion', {
    message: `${result.message}: ${consequence(draft)}`,
    span: word.span,
  });
  return null;
}

function unsetHelp(draft: Draft, unset: readonly string[]): string {
  const name = unset[0] ?? '';
  const close = suggestVariable(name, [...draft.context.globalArgs, ...PLATFORM_ARGS]);
  if (close) return `\`${name}\` is not declared; did you mean \`${close}\`?`;
  return `declare ARG ${name} before the first FROM: only those count here`;
}
