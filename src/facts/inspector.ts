import type { Place } from '../model/finding.js';
import type { Span } from '../model/span.js';
import type { Command } from '../shell/types.js';
import { isCertain, whereStarted } from './started-command.js';
import type { NodeStart, StageFacts } from './types.js';

/** Node's inspector, switched on for whatever the image starts. */
export interface Inspector {
  /** As written: `--inspect=0.0.0.0:9229`. */
  readonly flag: string;
  /** `open`: other machines reach it. `local`: the container's own processes alone. */
  readonly bound: 'open' | 'local';
  /** Node does nothing before a debugger has come. */
  readonly waits: boolean;
  readonly at: Span;
  readonly related: readonly { readonly at: Place; readonly message: string }[];
}

/** `--inspect`, `--inspect-brk=0.0.0.0:9229`; {@link https://nodejs.org/api/cli.html#--inspecthostport} */
const FLAG = /(?:^|\s)(--inspect(-brk|-wait)?(?:=([\w.:[\]]+))?)(?=\s|$)/;

/** The inspector of the shipped image; null where it is off, or a variable keeps us from knowing. */
export function findInspector(start: NodeStart, target: StageFacts): Inspector | null {
  for (const command of start.commands) {
    const found = isCertain(command) ? readFlag(textOf(command)) : null;
    if (!found) continue;
    const word = start.script ? undefined : command.words.find(({ value }) => value === found.flag);
    return { ...found, ...(word ? { at: word.span, related: [] } : whereStarted(start, command)) };
  }
  const options = target.final.env.get('NODE_OPTIONS');
  const found = options?.by?.keyword === 'ENV' ? readFlag(options.value ?? '') : null;
  const pair =
    found && options?.by?.keyword === 'ENV'
      ? options.by.pairs.findLast(({ key }) => key.text === 'NODE_OPTIONS')
      : null;
  if (!found || !pair?.value || start.commands.some(setsOptions)) return null;
  return { ...found, at: pair.value.span, related: [] };
}

function setsOptions({ assignments }: Command): boolean {
  return assignments.some(({ name }) => name === 'NODE_OPTIONS');
}

/** The words of node before its file, those of a tool that hands them on to node, and the options that it is given. */
function textOf(command: Command): string {
  const { name, words, operands, assignments } = command;
  const options = assignments.find((one) => one.name === 'NODE_OPTIONS')?.value;
  const [first] = operands;
  const isNode = name === 'node' || name === 'nodejs';
  const own = isNode
    ? words.filter(({ span }) => !first || span.start < first.span.start)
    : HANDS_ON.has(name)
      ? words
      : [];
  return [...own.filter((word) => word.literal), ...(options?.literal ? [options] : [])]
    .map(({ value }) => value)
    .join(' ');
}

const HANDS_ON: ReadonlySet<string> = new Set(['nodemon', 'ts-node', 'ts-node-dev', 'tsx', 'pm2-runtime']);

function readFlag(text: string): Pick<Inspector, 'flag' | 'bound' | 'waits'> | null {
  const [, flag, kind, address = ''] = FLAG.exec(text) ?? [];
  if (flag === undefined) return null;
  const host = /^\d{1,5}$/.test(address) ? '' : address.replace(/:\d{1,5}$/, '');
  return {
    flag,
    bound: /^(?:|localhost|127(?:\.\d+){3}|\[?::1\]?)$/.test(host) ? 'local' : 'open',
    waits: kind !== undefined,
  };
}
