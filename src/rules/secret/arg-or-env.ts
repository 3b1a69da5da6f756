import type { Instruction, KeyValue, PairsInstruction } from '../../dockerfile/ast.js';
import { isSecretToBuildkit } from '../../facts/buildkit.js';
import { isSecretToHadolint } from '../../facts/hadolint.js';
import { type SecretKind, secretKind, secretValue } from '../../facts/secrets.js';
import { SHORTEST_TOKEN } from '../../facts/tokens.js';
import type { Facts } from '../../facts/types.js';
import type { Span } from '../../model/span.js';
import { defineRule, semantics } from '../define-rule.js';

/** ENV is part of the image's configuration, and build arguments of its history: both come with every pull. */
export default defineRule({
  id: 'secret/arg-or-env',
  summary: 'Keep secrets out of ARG and ENV',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3064', 'SecretsUsedInArgOrEnv'],
  like: {
    hadolint: { severity: 'warning', options: { semantics: 'hadolint' } },
    buildkit: { severity: 'warning', options: { semantics: 'buildkit' } },
  },
  options: { semantics: semantics('hadolint', 'buildkit') },
  messages: {
    token: ({ name }: { name: string }) => ({
      message: `\`${name}\` holds what has the form of a real token or private key, for everyone who has this file or the image`,
      help: 'revoke it, then hand a new one to the RUN that needs it with --mount=type=secret',
    }),
    literal: ({ name, shipped }: { name: string; shipped: boolean }) => ({
      message: `the value of \`${name}\` stands in this file and in ${shipped ? 'every image built from it' : 'the build cache'}`,
      help: shipped ? atRunTime(name) : atBuildTime(name),
    }),
    named: ({ name }: { name: string }) => ({
      message: `\`${name}\` is named like a secret, and what ARG and ENV hold comes with the image or with its history`,
      help: atBuildTime(name),
    }),
    kept: ({ name }: { name: string }) => ({
      message: `ENV keeps the build argument in the image: \`docker inspect\` shows \`${name}\` to everyone who has it`,
      help: atBuildTime(name),
    }),
    history: ({ name }: { name: string }) => ({
      message: `\`docker history\` shows what \`${name}\` is given with --build-arg to everyone who has the image`,
      help: atBuildTime(name),
    }),
    cache: ({ name }: { name: string }) => ({
      message: `what \`${name}\` is given with --build-arg stays in the build cache and the provenance of the build`,
      help: atBuildTime(name),
    }),
  },
  check({ facts, options, report }) {
    const instructions = facts.instructions('ARG', 'ENV');
    if (instructions.length === 0) return;
    if (options.semantics !== 'plimsoll') {
      const isSecret = options.semantics === 'hadolint' ? isSecretToHadolint : isSecretToBuildkit;
      for (const { pairs, stage, onbuild } of instructions) {
        // BuildKit looks neither at what stands before the first FROM nor at triggers.
        if (options.semantics === 'buildkit' && (stage === -1 || onbuild)) continue;
        for (const pair of pairs) {
          const name = pair.key.text;
          if (!isSecret(name)) continue;
          const sensitive = secretKind(name) ? unquotedSpan(pair) : [];
          report('named', { at: pair.key.span, data: { name }, sensitive });
        }
      }
      return;
    }
    const declared = new Map<string, { pair: KeyValue; instruction: PairsInstruction }>();
    const kept = new Set<string>();
    const history = facts.target?.history ?? [];
    const image = new Set<Instruction>(history);
    for (const instruction of instructions) {
      const { keyword } = instruction;
      for (const pair of instruction.pairs) {
        const name = pair.key.text;
        const kind = secretKind(name);
        const shipped = keyword === 'ENV' && image.has(instruction);
        const value = judge(pair, kind, instruction, facts);
        if (value === 'token')
          report('token', { at: pair.key.span, data: { name }, severity: 'error', sensitive: unquotedSpan(pair) });
        else if (value === 'literal')
          report('literal', {
            at: pair.key.span,
            data: { name, shipped },
            // What a test or a developer's own machine logs in with opens nothing else.
            ...(facts.stageOf(instruction)?.isDevelopment && { severity: 'info' }),
            sensitive: unquotedSpan(pair),
          });
        else if (value === 'argument' && shipped) {
          report('kept', { at: pair.key.span, data: { name } });
          kept.add(name);
        } else if (value === 'argument' && keyword === 'ARG') {
          if (!declared.has(name) || declared.get(name)?.instruction.stage === -1)
            declared.set(name, { pair, instruction });
        }
      }
    }
    const lastRun = new Map(
      history.filter(({ keyword }) => keyword === 'RUN').map((run) => [run.stage, run.span.start]),
    );
    for (const [name, { pair, instruction }] of declared) {
      if (kept.has(name)) continue;
      // Each RUN notes the arguments that it sees.
      const isSeen = image.has(instruction) && (lastRun.get(instruction.stage) ?? -1) > instruction.span.start;
      const id = isSeen ? 'history' : 'cache';
      report(id, { at: pair.key.span, data: { name }, severity: 'info' });
    }
  },
});

/** The value without its quotes. */
function unquotedSpan({ value }: KeyValue): readonly Span[] {
  if (!value) return [];
  const { start, end } = value.span;
  const quoted = end - start > 2 && /^(["']).*\1$/s.test(value.text);
  return [quoted ? { start: start + 1, end: end - 1 } : value.span];
}

/** `argument`: a secret whose value a build argument brings. */
function judge(
  { key, value }: KeyValue,
  kind: SecretKind | null,
  instruction: PairsInstruction,
  facts: Facts,
): 'token' | 'literal' | 'argument' | 'harmless' {
  const isArgument = instruction.keyword === 'ARG';
  if (!value || /^(?:""|'')?$/.test(value.text)) return kind && isArgument ? 'argument' : 'harmless';
  if (!kind && value.text.length < SHORTEST_TOKEN) return 'harmless';
  const names = [...value.text.matchAll(/(?<!\\)\$\{?(\w+)/g)].map((match) => match[1] ?? '');
  if (names.length === 0) {
    const plain = facts.expand(value, instruction);
    return secretValue(plain.ok ? (plain.value ?? value.text) : value.text, kind, key.text);
  }
  if (!kind) return 'harmless';
  const { args, env } = facts.stateAt(instruction);
  // An argument with a default that is no secret is still there to be given one.
  const isGiven = names.some((name) => !env.get(name) && args.get(name) && secretKind(name) !== null);
  return isGiven ? 'argument' : 'harmless';
}

function atBuildTime(name: string): string {
  const id = name.toLowerCase().replace(/_/g, '-');
  return `pass it to the RUN that needs it alone: \`RUN --mount=type=secret,id=${id},env=${name} ...\``;
}

function atRunTime(name: string): string {
  return `leave it out, and set ${name} when the container starts, from a secret of what runs it`;
}
