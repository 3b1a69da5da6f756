import type { Instruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import type { Facts } from './types.js';

/** Each CMD and ENTRYPOINT in shell form that BuildKit would have as JSON: those of a shell that nobody chose. */
export function shellFormsToBuildkit(
  facts: Facts,
): readonly { readonly instruction: Instruction; readonly span: Span }[] {
  return facts.instructions('CMD', 'ENTRYPOINT').flatMap((instruction) => {
    const stage = facts.stageOf(instruction);
    if (!stage || instruction.onbuild || instruction.command.form !== 'shell') return [];
    const isDefault = facts.stateAt(instruction).shell === null && stage.image.shell === null;
    return isDefault ? [{ instruction, span: instruction.command.span }] : [];
  });
}

const SECRET_WORDS: ReadonlySet<string> = new Set(
  'apikey auth credential credentials key password pword passwd secret token'.split(' '),
);
const HARMLESS_WORDS: ReadonlySet<string> = new Set(['public', 'file', 'version']);

/** Whether BuildKit takes a variable of that name for a secret, whatever its value. */
export function isSecretToBuildkit(name: string): boolean {
  const words = name.toLowerCase().split('_');
  return words.some((word) => SECRET_WORDS.has(word)) && !words.some((word) => HARMLESS_WORDS.has(word));
}
