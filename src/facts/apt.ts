import type { Instruction, RunInstruction } from '../dockerfile/ast.js';
import type { Command } from '../shell/types.js';
import { memoise, remember } from './lazy.js';
import { isKeptOutOfLayer } from './mounts.js';
import type { CommandUse, CopyFacts, Facts, ScriptUse, StageFacts } from './types.js';

/** Where `apt-get update` puts the package lists. */
export const APT_LISTS = '/var/lib/apt/lists';

/** The item is on or off; nobody sets it; or something that cannot be read here may set it. */
export type AptSetting = 'on' | 'off' | 'unset' | 'unknown';

/**
 * What a Boolean item of apt's configuration (`APT::Get::Assume-Yes`) is for a command: by its `-o` options, else by the
 * files of `/etc/apt` that its stage or a stage below wrote before it.
 * {@link https://manpages.debian.org/stable/apt/apt.conf.5.en.html}
 */
export function aptSetting(item: string, use: CommandUse, facts: Facts): AptSetting {
  const own = optionOf(item, use.command);
  if (own !== null) return own;
  if (!use.stage) return 'unset';
  const { env } = facts.stateAt(use.instruction);
  if (env.get('APT_CONFIG') || use.command.assignments.some(({ name }) => name === 'APT_CONFIG')) return 'unknown';
  const wanted = lastPart(item);
  const place = use.command.span.start;
  const holds = (entry: Entry) => entry.offset < place && (entry.item === wanted || entry.item === null);
  for (let stage: StageFacts | null = use.stage; stage; stage = stage.parent) {
    const last = configurationOf(stage, facts).findLast(holds);
    if (last) return last.setting;
  }
  return 'unset';
}

function optionOf(item: string, command: Command): AptSetting | null {
  const values = command.flags
    .filter((flag) => flag.name === '-o' || flag.name === '--option')
    .flatMap(({ value }) => new RegExp(`^"?${item}"?=(.*)$`, 'i').exec(value ?? '')?.[1] ?? []);
  const last = values.at(-1);
  return last === undefined ? null : truth(last);
}

interface Entry {
  /** Of the Dockerfile: the stages that a stage is built on stand before it. */
  readonly offset: number;
  /** Last part of the item, lower case; null for a file that may set any. */
  readonly item: string | null;
  readonly setting: AptSetting;
}

const configurations = new WeakMap<StageFacts, readonly Entry[]>();

/** All that a stage itself writes to apt's configuration, in order. */
function configurationOf(stage: StageFacts, facts: Facts): readonly Entry[] {
  const known = configurations.get(stage);
  if (known) return known;
  const own = stage.stage.instructions.flatMap((instruction) => {
    if (instruction.keyword !== 'RUN' || !textOf(facts, instruction).includes('apt.conf')) return [];
    return facts.scriptsOf(instruction).flatMap(({ script }) => entriesOf(script.source.text, script.source.offset));
  });
  const copied = stage.copies.flatMap((copy) => entriesOfCopy(copy, facts));
  const all = [...own, ...copied].sort((a, b) => a.offset - b.offset);
  configurations.set(stage, all);
  return all;
}

/** Both forms of the file: `APT::Get::Assume-Yes "true";` and `APT { Get { Assume-Yes "true"; }; };`. */
function entriesOf(text: string, offset: number): readonly Entry[] {
  const items = /\b(Install-Recommends|Assume-Yes)[\s"'\\=]{1,9}(\w+)/gi;
  return [...text.matchAll(items)].map((match) => ({
    offset: offset + match.index,
    item: match[1]?.toLowerCase() ?? '',
    setting: truth(match[2] ?? ''),
  }));
}

function entriesOfCopy(copy: CopyFacts, facts: Facts): readonly Entry[] {
  const { destination, instruction } = copy;
  if (destination === null || !/^\/(?:etc(?:\/apt(?:\/.*)?)?)?$/.test(destination)) return [];
  const offset = instruction.span.start;
  const unknown: readonly Entry[] = [{ offset, item: null, setting: 'unknown' }];
  const here = instruction.heredocs.flatMap((heredoc) => entriesOf(heredoc.content, 0));
  const files = copy.matches.flatMap((match) => match.matches);
  const isAbout = destination.startsWith('/etc/apt');
  if (files.length === 0 && copy.sources.length > 0) {
    // `COPY entrypoint.sh /` is no configuration of apt's; `COPY rootfs/ /` may be.
    return isAbout || copy.sources.some(({ path }) => path === null || /(?:^|\/)[^./]*\/?$/.test(path)) ? unknown : [];
  }
  const read = files.flatMap((file): readonly Entry[] => {
    if (file.kind === 'file') return isAbout ? entriesOf(facts.context?.read(file.path)?.text ?? '', 0) : [];
    const inside = `${file.path}${destination === '/' ? '/etc/apt' : destination === '/etc' ? '/apt' : ''}`;
    return facts.context?.kindOf(inside) === null ? [] : unknown;
  });
  return [...here, ...read].map((entry) => ({ ...entry, offset }));
}

function textOf(facts: Facts, { span }: { readonly span: { readonly start: number; readonly end: number } }): string {
  return facts.document.source.text.slice(span.start, span.end);
}

function truth(value: string): AptSetting {
  const word = value.replace(/["';\s]+/g, '').toLowerCase();
  if (/^(?:0|no|false|without|off|disable)$/.test(word)) return 'off';
  return /^(?:1|yes|true|with|on|enable)$/.test(word) ? 'on' : 'unknown';
}

function lastPart(item: string): string {
  return item.slice(item.lastIndexOf(':') + 1).toLowerCase();
}

/** What one RUN does with the package lists. */
export interface AptListUse {
  readonly instruction: RunInstruction;
  /** In order of the script: `apt-get update`, and `apt-get install --update`. */
  readonly updates: readonly CommandUse[];
  /** Commands that need lists: install, build-dep, satisfy. Those that name only files are left out. */
  readonly installs: readonly CommandUse[];
  /** Commands that find less or nothing without lists, and change no more often than the update does: upgrade, download. */
  readonly reads: readonly CommandUse[];
  /** Where a command stands that may update the lists without being seen: a script that is fetched or copied. */
  readonly opaque: number;
}

const NEEDS_LISTS = new Set(['install', 'build-dep', 'satisfy']);
const READS_LISTS = new Set(
  'upgrade dist-upgrade full-upgrade safe-upgrade dselect-upgrade download source'.split(' '),
);
/** They run a script that may do anything, or (add-apt-repository) are known to update. */
const OPAQUE = /^(?:|\.|source|(?:ba|da|a|z|k)?sh|python[\d.]*|perl|make|add-apt-repository|apt-add-repository)$/;

/** Null for anything that does not touch the package lists, or keeps them out of its layer. */
export function aptListUse(instruction: Instruction, facts: Facts): AptListUse | null {
  return instruction.keyword === 'RUN' ? listUses(facts)(instruction) : null;
}

const listUses = memoise((facts: Facts) =>
  remember((instruction: RunInstruction): AptListUse | null => readListUse(instruction, facts)),
);

function readListUse(instruction: RunInstruction, facts: Facts): AptListUse | null {
  if (isKeptOutOfLayer(instruction, APT_LISTS)) return null;
  const all = facts.commandsOf(instruction);
  const ours = all.filter(({ command }) => isApt(command));
  const updates = ours.filter(({ command }) => command.subcommand === 'update' || updatesFirst(command));
  const installs = ours.filter(({ command }) => NEEDS_LISTS.has(command.subcommand ?? '') && needsLists(command));
  const reads = ours.filter(({ command }) => READS_LISTS.has(command.subcommand ?? ''));
  if (updates.length + installs.length + reads.length === 0) return null;
  const hidden = all.find(({ command }) => isOpaque(command));
  return { instruction, updates, installs, reads, opaque: hidden?.command.span.start ?? Number.POSITIVE_INFINITY };
}

/** {@link https://manpages.debian.org/trixie/apt/apt-get.8.en.html} has it since apt 2.9.31. */
function updatesFirst({ flags }: Command): boolean {
  return flags.some(({ name }) => name === '--update' || name === '-U');
}

function isOpaque({ name, nameWord }: Command): boolean {
  if (!nameWord) return false;
  return OPAQUE.test(name) || (nameWord.value.includes('/') && !/^\/(?:usr\/)?s?bin\//.test(nameWord.value));
}

function isApt({ name }: Command): boolean {
  return name === 'apt-get' || name === 'apt' || name === 'aptitude';
}

/** Packages that are files need no list, and `-f install` without a name only mends what is there. */
function needsLists({ operands, wrappers }: Command): boolean {
  if (operands.length === 0) return wrappers.some(({ name }) => name === 'xargs');
  return operands.some(({ value }) => !/^(?:\.{0,2}\/|~\/)|\.deb$/.test(value));
}

/**
 * True where the package lists are removed behind an offset of a script. Any mention of their directory counts (`rm`,
 * `find -delete`, a loop over names), and any command that is called a clean-up.
 */
export function removesLists({ script }: Pick<ScriptUse, 'script'>, offset: number): boolean {
  const rest = script.source.text.slice(Math.max(0, offset - script.source.offset));
  if (/\/lib\/apt\b|\/lib\/\{[^{}]{0,200}\bapt\b|\blib\b[^{}]{0,200}\}\/apt\b/.test(rest)) return true;
  return script.commands.some((command) => {
    if (command.span.start < offset) return false;
    if (isApt(command)) return command.subcommand === 'distclean' || command.subcommand === 'dist-clean';
    return /clean/i.test(command.name);
  });
}
