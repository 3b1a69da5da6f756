import { type LayerWrite, layerWrites } from '../../facts/layer-writes.js';
import { holdsToken } from '../../facts/tokens.js';
import type { Facts } from '../../facts/types.js';
import type { Span } from '../../model/span.js';
import type { ShellWord } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** What `npm config set` and `echo ... > .npmrc` write is part of the layer, even if a later RUN removes the file. */
export default defineRule({
  id: 'node/npm-token',
  summary: 'Keep the token of the npm registry out of layers',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    literal: ({ path }: { path: string }) => ({
      message: `the token of the registry stands in this file, and in \`${path}\` of the layer`,
      help: 'revoke it, and mount an .npmrc for the install: `RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci`',
    }),
    variable: ({ path, name }: { path: string; name: string }) => ({
      message: `this writes the value of \`${name}\` into \`${path}\` of the layer, which keeps it for everyone who has the image`,
      help: 'mount an .npmrc for the install: `RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci`',
    }),
  },
  check({ document, facts, report }) {
    for (const run of facts.instructions('RUN')) {
      if (!/_auth|npmAuth|_password/.test(run.argumentsText)) continue;
      // What a mounted secret brings is told by secret/mount-leak.
      if (run.mounts.some(({ type }) => type === 'secret')) continue;
      for (const write of layerWrites(run, facts)) {
        const token = write.kind === 'text' ? tokenOf(write.content) : null;
        if (!token) continue;
        const { path } = write;
        if (token.variable === null)
          report('literal', {
            at: token.word.span,
            data: { path },
            severity: 'error',
            sensitive: [secretOf(token, document.source.text)],
          });
        else if (isGiven(token.variable, write, facts))
          report('variable', { at: token.word.span, data: { path, name: token.variable } });
      }
    }
  },
});

interface Token {
  readonly word: ShellWord;
  readonly value: string;
  /** Null: the token itself stands there. */
  readonly variable: string | null;
}

const SETTING = /(?:^|[:\s"'])(?:_authToken|_auth|_password|npmAuthToken|npmAuthIdent)(?:["']?\s*[=:]\s*["']?(.*))?$/s;

function tokenOf(words: readonly ShellWord[]): Token | null {
  for (const [index, word] of words.entries()) {
    const match = SETTING.exec(word.value);
    if (!match) continue;
    const holder = match[1] === undefined || match[1] === '' ? words[index + 1] : word;
    const value = match[1] || (holder?.value ?? '');
    if (!holder || value === '') return null;
    // In single quotes, npm itself puts the value in when it runs.
    const variable = holder.variables.find((name) => value.includes(name));
    if (variable !== undefined) return { word: holder, value, variable };
    const isReal = holder.literal && !value.includes('$') && value.length >= 12 && !isPlaceholder(value);
    return isReal && !holdsToken(value) ? { word: holder, value, variable: null } : null;
  }
  return null;
}

/** The token without what stands before it; the word where it is written in another way. */
function secretOf({ word, value }: Token, text: string): Span {
  const at = text.slice(word.span.start, word.span.end).lastIndexOf(value);
  const start = word.span.start + at;
  return at < 0 ? word.span : { start, end: start + value.length };
}

function isPlaceholder(value: string): boolean {
  return /your|example|token|secret|placeholder|dummy|fake|x{4}|[<>{}%]|(.)\1{4}/i.test(value);
}

/** A variable that nobody sets leaves nothing behind. */
function isGiven(name: string, { use }: LayerWrite, facts: Facts): boolean {
  const { env, args } = facts.stateAt(use.instruction);
  return (env.get(name) ?? args.get(name)) !== undefined || use.script?.assigned.has(name) === true;
}
