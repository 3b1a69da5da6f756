import { COMMENT_TOOLS } from '../engine/control-comments.js';
import { PRESETS } from '../engine/presets.js';
import type { OptionSpec, Rule } from '../rules/define-rule.js';
import { LEVELS } from './read.js';
import { THRESHOLDS } from './types.js';

type Schema = Readonly<Record<string, unknown>>;

/**
 * JSON Schema (draft 2020-12) of a configuration file, built from the rules' metadata, for editors and for
 * `schema/plimsoll.schema.json`. It takes what the loader takes; beyond it are only what a schema cannot say: files that
 * are not there, one rule under two names, a `rulesVersion` later than plimsoll itself, a glob of many stars.
 */
export function buildSchema(rules: readonly Rule[]): Schema {
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const byName = new Map<string, Rule[]>();
  for (const rule of sorted) {
    for (const name of [rule.id, ...rule.aliases]) byName.set(name, [...(byName.get(name) ?? []), rule]);
  }
  const names = [...byName].sort(([a], [b]) => (a < b ? -1 : 1));
  const codes = names.filter(([name]) => /^[A-Za-z]+\d+$/.test(name));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of plimsoll',
    description: '.plimsoll.yaml, .plimsoll.yml, .plimsoll.json, or the key "plimsoll" of package.json',
    ...mapping({
      $schema: { type: 'string' },
      extends: {
        description: 'Presets, and files relative to this one; what this file says wins over them',
        ...oneOrMore({
          anyOf: [
            { enum: PRESETS.flatMap((preset) => [`plimsoll:${preset}`, preset]) },
            // As isPath() of the loader tells a file from a preset.
            { type: 'string', pattern: '^(?!plimsoll:).*(?:/|\\.(?:ya?ml|json)$)' },
          ],
        }),
      },
      rules: { $ref: '#/$defs/rules' },
      overrides: {
        description: 'What holds for some files only; the last entry that matches wins',
        type: 'array',
        items: {
          ...mapping({
            files: {
              description: 'Globs relative to this file; without a slash, a name at any depth',
              ...oneOrMore({ $ref: '#/$defs/glob' }, 1),
            },
            rules: { $ref: '#/$defs/rules' },
            threshold: { $ref: '#/$defs/threshold' },
          }),
          required: ['files'],
        },
      },
      ignore: {
        description: 'Dockerfiles that are not linted; globs relative to this file',
        ...oneOrMore({ $ref: '#/$defs/glob' }),
      },
      threshold: { $ref: '#/$defs/threshold' },
      rulesVersion: {
        description: 'Rules of later versions stay off unless they are named',
        type: 'string',
        pattern: '^\\d{1,6}\\.\\d{1,6}(?:\\.\\d{1,6})?$',
      },
      comments: {
        description: "Whose comments silence findings; check: BuildKit's",
        ...oneOrMore({ enum: [...COMMENT_TOOLS] }),
      },
    }),
    $defs: {
      rules: {
        description: 'What to report, by id or alias',
        type: 'object',
        properties: Object.fromEntries(names.map(([name, known]) => [name, ruleSchema(known, name)])),
        // Codes of hadolint and ShellCheck are taken in any case.
        patternProperties: {
          ...Object.fromEntries(codes.map(([name, known]) => [anyCase(name), ruleSchema(known, name)])),
          '^(?:shellcheck/)?[Ss][Cc]\\d{4}$': {
            description: 'A code of ShellCheck',
            anyOf: [
              { $ref: '#/$defs/level' },
              { ...mapping({ severity: { $ref: '#/$defs/level' } }), required: ['severity'] },
            ],
          },
        },
        additionalProperties: false,
      },
      level: {
        description: 'on and default: at the severity of the rule itself',
        enum: [...LEVELS],
      },
      threshold: {
        description: 'Findings at or above it make the exit code 1',
        enum: [...THRESHOLDS],
      },
      glob: { type: 'string', pattern: '^(?!!)(?!.*(?:[()]|[}\\]]\\+)).*\\S' },
    },
  };
}

function ruleSchema(rules: readonly Rule[], name: string): Schema {
  const [only, more] = rules;
  const ids = rules.map(({ id }) => id).join(', ');
  const summary = rules.map((rule) => rule.summary).join('; ');
  const options = only && !more ? mapping(mapValues(only.options, optionSchema)) : null;
  return {
    description: ids === name ? summary : `${ids}: ${summary}`,
    anyOf: [
      { $ref: '#/$defs/level' },
      mapping({ severity: { $ref: '#/$defs/level' }, ...(options ? { options } : {}) }),
    ],
  };
}

function optionSchema(spec: OptionSpec): Schema {
  const common = { description: spec.describe, default: spec.default };
  switch (spec.kind) {
    case 'list':
      return { ...common, type: 'array', items: { type: 'string' } };
    case 'text':
      return spec.values ? { ...common, enum: [...spec.values] } : { ...common, type: 'string' };
    case 'number':
      return { ...common, type: 'number', minimum: spec.minimum };
    case 'flag':
      return { ...common, type: 'boolean' };
  }
}

function mapping(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, additionalProperties: false };
}

function oneOrMore(item: Schema, minItems = 0): Schema {
  return { anyOf: [item, { type: 'array', items: item, ...(minItems > 0 ? { minItems } : {}) }] };
}

/** Any spelling but the one that stands among `properties` already. */
function anyCase(code: string): string {
  return `^(?!${code}$)${code.replace(/[A-Za-z]/g, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)}$`;
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
