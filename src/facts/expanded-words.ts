import type { Document, Instruction, Word } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';

/** The words of an instruction in which BuildKit itself puts values in the place of variables. */
export function expandedWords(instruction: Instruction): readonly Word[] {
  switch (instruction.keyword) {
    case 'COPY':
    case 'ADD': {
      const owners = instruction.flags.filter(({ name }) => name === 'chown' || name === 'chmod');
      const paths = [...instruction.sources, ...(instruction.destination ? [instruction.destination] : [])];
      return [...owners.flatMap(({ value }) => value ?? []), ...paths];
    }
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return instruction.pairs.flatMap(({ value }) => value ?? []);
    case 'USER':
    case 'WORKDIR':
    case 'STOPSIGNAL':
    case 'EXPOSE':
      return instruction.words;
    case 'VOLUME':
      return instruction.paths;
    default:
      return [];
  }
}

/** False where no word of an instruction can hold a variable. JSON may write the `$` otherwise. */
export function mayHoldVariable({ span }: Instruction, { source }: Document): boolean {
  const text = source.text.slice(span.start, span.end);
  return text.includes('$') || text.includes('\\u');
}

/** The first `$NAME` or `${NAME}` of a text, where no modifier (`${NAME:-x}`) says what else there should be. */
export function plainUse(text: string, name: string): Span | null {
  if (!/^[A-Za-z_]\w*$/.test(name)) return null;
  const match = new RegExp(`\\$(?:${name}(?!\\w)|\\{${name}\\})`).exec(text);
  return match && { start: match.index, end: match.index + match[0].length };
}
