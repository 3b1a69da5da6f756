import type { Instruction, KeyValue, PairsInstruction, Word } from '../dockerfile/ast.js';
import { expandWord, type Lookup } from '../dockerfile/expand.js';
import { suggestVariable } from '../dockerfile/suggest.js';
import { mayHoldVariable } from './expanded-words.js';
import { memoise } from './lazy.js';
import type { Facts, ImageFacts, StageFacts } from './types.js';
import { placeOfVariable, type VariablePlace } from './variable-place.js';

/** A variable that BuildKit expands to nothing, since nothing sets it up to that place. */
export interface UndefinedVariable extends VariablePlace {
  readonly name: string;
  readonly instruction: Instruction;
  /** True in the body of a heredoc. */
  readonly heredoc: boolean;
  /** The variable that ENV or ARG gives the value of this word; null elsewhere. */
  readonly key: string | null;
}

/** A heredoc of a thousand variables is no mistake of one of them. */
const MOST_OF_A_WORD = 100;

/**
 * The variables of the instructions that BuildKit expands itself (so not those of RUN, CMD and ENTRYPOINT, which a shell
 * expands), each once an instruction. A stage whose base image is not in the table has none: the image may set them.
 */
export function* undefinedVariables(facts: Facts): Generator<UndefinedVariable> {
  for (const stage of facts.stages) {
    const { env, windows } = stage.image;
    if (env === null || windows) continue;
    for (const instruction of stage.stage.instructions) {
      if (!mayHoldVariable(instruction, facts.document)) continue;
      let lookup: Lookup | null = null;
      const seen = new Set<string>();
      for (const part of expandedParts(instruction)) {
        if (!part.word.text.includes('$')) continue;
        lookup ??= lookupAt(instruction, env, facts);
        const result = expandWord(part.word.text, lookup, {
          escape: facts.document.escape,
          keepQuotes: part.heredoc,
        });
        if (!result.ok) continue;
        for (const name of result.unmatched.slice(0, MOST_OF_A_WORD)) {
          if (seen.has(name)) continue;
          seen.add(name);
          const { heredoc, key } = part;
          yield { name, instruction, heredoc, key, ...placeOfVariable(name, part.word, facts.document) };
        }
      }
    }
  }
}

/** Every ENV and ARG of a file by name, in order. */
export const variableSettings = memoise((facts: Facts): ReadonlyMap<string, readonly VariableSetting[]> => {
  const settings = new Map<string, VariableSetting[]>();
  for (const by of facts.instructions('ENV', 'ARG')) {
    for (const pair of by.pairs) {
      const known = settings.get(pair.key.text);
      if (known) known.push({ by, pair });
      else settings.set(pair.key.text, [{ by, pair }]);
    }
  }
  return settings;
});

export interface VariableSetting {
  readonly by: PairsInstruction;
  readonly pair: KeyValue;
}

/** More variables than any person keeps apart: then nobody is asked which of them was meant. */
const MOST_NAMES = 300;

/** The variable that was very likely meant, among those that are set at that place; null where none is near. */
export function nearestVariable(
  name: string,
  instruction: Instruction,
  stage: StageFacts,
  facts: Facts,
): string | null {
  const written = variableSettings(facts);
  if (written.size > MOST_NAMES) return null;
  const { env } = stage.image;
  const lookup = lookupAt(instruction, env, facts);
  const names = [...new Set([...(env?.keys() ?? []), ...written.keys()])];
  return suggestVariable(
    name,
    names.filter((one) => one !== name && lookup(one) !== undefined),
  );
}

interface ExpandedPart {
  readonly word: Word;
  readonly heredoc: boolean;
  readonly key: string | null;
}

/** Flags of COPY and ADD that take variables. */
const EXPANDED_FLAGS: ReadonlySet<string> = new Set(['chown', 'chmod', 'checksum']);

/** {@link https://docs.docker.com/reference/dockerfile/#environment-replacement} */
function expandedParts(instruction: Instruction): readonly ExpandedPart[] {
  const plain = (words: readonly (Word | null)[]) =>
    words.flatMap((word) => (word ? [{ word, heredoc: false, key: null }] : []));
  switch (instruction.keyword) {
    case 'ENV':
    case 'ARG':
    case 'LABEL':
      return instruction.pairs.flatMap(({ key, value }) => [
        ...plain([key]),
        ...(value ? [{ word: value, heredoc: false, key: instruction.keyword === 'LABEL' ? null : key.text }] : []),
      ]);
    case 'ADD':
    case 'COPY':
      return [
        ...plain(instruction.flags.map(({ name, value }) => (EXPANDED_FLAGS.has(name) ? value : null))),
        ...plain([...instruction.sources, instruction.destination]),
        ...instruction.heredocs.flatMap(({ expand, content, body }) =>
          expand ? [{ word: { text: content, span: body }, heredoc: true, key: null }] : [],
        ),
      ];
    case 'EXPOSE':
      return plain(instruction.words);
    case 'VOLUME':
      return plain(instruction.paths);
    case 'USER':
    case 'WORKDIR':
    case 'STOPSIGNAL':
      return plain([{ text: instruction.argumentsText, span: instruction.argumentsSpan }]);
    case 'RUN':
      return plain(instruction.mounts.map(({ flag }) => flag.value));
    default:
      return [];
  }
}

function lookupAt(instruction: Instruction, image: ImageFacts['env'], facts: Facts): Lookup {
  const { env, args } = facts.stateAt(instruction);
  return (name) => {
    const setting = env.get(name) ?? args.get(name);
    if (setting) return setting.value;
    return image?.get(name);
  };
}
