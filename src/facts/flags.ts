import type { Flag, Instruction } from '../dockerfile/ast.js';

/** The flag of an instruction that counts: the last one of the name. */
export function flagNamed({ flags }: Instruction, name: string): Flag | undefined {
  return flags.findLast((flag) => flag.name === name);
}
