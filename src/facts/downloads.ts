import type { Command, ShellWord } from '../shell/types.js';
import { memoise } from './lazy.js';
import type { CommandUse, Facts, StageFacts } from './types.js';

/** One `curl` or `wget` of a RUN. */
export interface Download {
  readonly use: CommandUse;
  /** Its addresses; variables of known value are expanded, the others are left as written. */
  readonly urls: readonly { readonly word: ShellWord; readonly url: string }[];
}

/** Every download of the file, in order. */
export const downloads = memoise<Facts, readonly Download[]>((facts) =>
  facts.commands('curl', 'wget').map((use) => ({
    use,
    urls: [...use.command.operands, ...valuesOfUrl(use.command)].map((word) => ({
      word,
      url: expandKnown(word.value, use, facts),
    })),
  })),
);

/** `curl --url ADDRESS`. */
function valuesOfUrl({ flags, words }: Command): readonly ShellWord[] {
  const flag = flags.find(({ name }) => name === '--url');
  const word = flag && words[words.indexOf(flag.word) + 1];
  return word && word.value === flag.value ? [word] : [];
}

/** A text with those variables replaced that ENV, ARG or one plain assignment in the script gives a value. */
function expandKnown(text: string, { script, instruction }: CommandUse, facts: Facts): string {
  if (!text.includes('$')) return text;
  const { env, args } = facts.stateAt(instruction);
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    if (script?.assigned.has(name)) return assignedOnce(script.commands, name) ?? whole;
    return (env.get(name) ?? args.get(name))?.value ?? whole;
  });
}

function assignedOnce(commands: readonly Command[], name: string): string | null {
  const values = commands.flatMap((one) => (one.nameWord ? [] : one.assignments.filter((each) => each.name === name)));
  const [only, more] = values;
  return only?.value?.literal && !more ? only.value.value : null;
}

/** Programs that compare what was fetched with a checksum or a signature. */
const CHECKERS =
  'sha256sum sha512sum sha1sum sha224sum sha384sum md5sum b2sum b3sum shasum rhash gpg gpg2 gpgv minisign signify cosign openssl'.split(
    ' ',
  );

/** True where something behind an offset of a stage may check what was fetched before. */
export function isCheckedAfter(stage: StageFacts | null, offset: number, facts: Facts): boolean {
  return (lastChecks(facts).get(stage) ?? -1) >= offset;
}

/** Where the last check of each stage stands. */
const lastChecks = memoise((facts: Facts): ReadonlyMap<StageFacts | null, number> => {
  const checks = facts.commands(...CHECKERS).filter(({ command }) => isCheck(command));
  return new Map(checks.map(({ stage, command }) => [stage, command.span.start]));
});

function isCheck({ name, words, operands }: Command): boolean {
  // Importing or unpacking a key checks nothing.
  if (/^gpg2?$/.test(name)) return words.some(({ value }) => /^--(?:verify|decrypt)/.test(value));
  return name !== 'openssl' || operands.some(({ value }) => /^(?:dgst|sha\d+|md5|cms|smime)$/.test(value));
}

/**
 * True where every package that a command names is a file, and no download in its stage brought it: then whoever wrote the
 * Dockerfile has the file from a place of their own.
 */
export function installsOwnFiles({ command, stage }: CommandUse, extension: string, facts: Facts): boolean {
  const isFile = ({ value }: ShellWord) =>
    !value.includes('://') && (value.endsWith(extension) || /^[.~]?\/|\/\*/.test(value));
  if (command.operands.length === 0 || !command.operands.every(isFile)) return false;
  const names = fetchedNames(facts).get(stage);
  if (!names) return true;
  const isBrought = (name: string) => (names.get(name) ?? Number.POSITIVE_INFINITY) < command.span.start;
  return !command.operands.some(({ value }) => {
    const name = lastPart(value);
    return name.includes('*')
      ? [...names.keys()].some((one) => one.endsWith(extension) && isBrought(one))
      : isBrought(name);
  });
}

/** By stage, the last parts of all that curl, wget and ADD are given, with the place of the first. */
const fetchedNames = memoise((facts: Facts): ReadonlyMap<StageFacts | null, ReadonlyMap<string, number>> => {
  const all = new Map<StageFacts | null, Map<string, number>>();
  const add = (stage: StageFacts | null, text: string, offset: number) => {
    const names = all.get(stage) ?? new Map<string, number>();
    all.set(stage, names);
    const name = lastPart(text);
    if (!names.has(name)) names.set(name, offset);
  };
  for (const { command, stage } of facts.commands('curl', 'wget')) {
    for (const { value } of command.words) add(stage, value, command.span.start);
  }
  for (const stage of facts.stages) {
    for (const { sources, instruction } of stage.copies) {
      for (const { word, remote } of sources) if (remote) add(stage, word.text, instruction.span.start);
    }
  }
  return all;
});

function lastPart(value: string): string {
  return value.slice(value.lastIndexOf('/') + 1);
}
