import { UsageError } from '../model/errors.js';
import { BUILD_OPTIONS, COLOR_OPTION } from './build-options.js';
import { type BuildArgs, type ContextArgs, LAYER_FORMATS, type LayerFormat, type LayersArgs } from './command.js';
import { unknownValue } from './usage.js';
import { flag, list, single, type Values } from './values.js';

const JSON_OPTION = { json: { describe: 'As JSON', type: 'boolean', group: 'Report:' } } as const;

/** Options of `plimsoll context`, as yargs takes them. */
export const CONTEXT_OPTIONS = { ...BUILD_OPTIONS, ...JSON_OPTION, ...COLOR_OPTION } as const;

/** Options of `plimsoll layers`, as yargs takes them. */
export const LAYERS_OPTIONS = {
  ...BUILD_OPTIONS,
  changed: {
    describe: 'Files that change, relative to the working directory; repeatable, or several',
    type: 'string',
    array: true,
    requiresArg: true,
    group: 'Changes:',
  },
  since: {
    describe: 'Take the files that git says changed since REV',
    type: 'string',
    requiresArg: true,
    group: 'Changes:',
  },
  format: { alias: 'f', describe: LAYER_FORMATS.join(', '), type: 'string', requiresArg: true, group: 'Report:' },
  json: { describe: 'The same as --format json', type: 'boolean', group: 'Report:' },
  ...COLOR_OPTION,
} as const;

/** What the values of `plimsoll context` ask for. @throws UsageError for values that mean nothing */
export function contextArgsOf(values: Values): ContextArgs {
  return { ...buildArgsOf(values), json: flag(values, 'json') ?? false };
}

/** What the values of `plimsoll layers` ask for. @throws UsageError for values that mean nothing, or not together */
export function layersArgsOf(values: Values): LayersArgs {
  const changed = list(values, 'changed');
  const since = single(values, 'since');
  if (since !== null && changed.length > 0)
    throw new UsageError('--changed and --since both say what changes; give one of them');
  return { ...buildArgsOf(values), format: layerFormatOf(values), changed, since };
}

/**
 * `--changed a b` as `--changed a --changed b`: names that a shell or xargs hands on. A DOCKERFILE stands before them, or
 * behind another option or `--`. Options of other commands take one value each.
 */
export function spreadChanged(argv: readonly string[]): readonly string[] {
  const spread: string[] = [];
  let isOpen = false;
  for (const [at, word] of argv.entries()) {
    if (word === '--') return [...spread, ...argv.slice(at)];
    if (word === '--changed' || word.startsWith('--changed=')) isOpen = true;
    else if (word.startsWith('-') && word !== '-') isOpen = false;
    else if (isOpen && spread.at(-1) !== '--changed') spread.push('--changed');
    spread.push(word);
  }
  return spread;
}

function buildArgsOf(values: Values): BuildArgs {
  const [dockerfile = null, second] = list(values, '_').slice(1);
  if (dockerfile === '') throw new UsageError('the name of the DOCKERFILE is empty');
  if (second !== undefined) {
    throw new UsageError(`one DOCKERFILE at a time: "${dockerfile}" and "${second}" are two`);
  }
  return {
    dockerfile,
    context: single(values, 'context'),
    target: single(values, 'target'),
    buildArgs: list(values, 'build-arg'),
    color: flag(values, 'color'),
  };
}

function layerFormatOf(values: Values): LayerFormat {
  const name = single(values, 'format');
  const isJson = flag(values, 'json') === true;
  if (name === null) return isJson ? 'json' : 'text';
  const format = LAYER_FORMATS.find((known) => known === name);
  if (!format) throw new UsageError(`--format: ${unknownValue(name, 'format', LAYER_FORMATS)}`);
  if (isJson && format !== 'json') throw new UsageError(`--json and --format ${format} ask for two reports; give one`);
  return format;
}
