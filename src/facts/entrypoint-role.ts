import type { CmdInstruction, EntrypointInstruction } from '../dockerfile/ast.js';
import { dialectOf } from '../shell/shells.js';
import type { Command } from '../shell/types.js';
import type { Facts, ImageFacts, StageFacts } from './types.js';

/** What an ENTRYPOINT in exec form does with the words of CMD. */
export interface EntrypointRole {
  /**
   * `init`: starts them as a child and passes signals on to that. `replaced`: they take its place, as with `gosu`.
   * `script`: may do either, and so may a tool that runs commands. `program`: reads them as its own arguments.
   */
  readonly kind: 'init' | 'replaced' | 'script' | 'program';
  /** The program that gets them, without its directory. */
  readonly name: string;
}

/** They run what they are given and pass signals on to it. */
export const INITS: ReadonlySet<string> = new Set([
  'tini',
  'tini-static',
  'dumb-init',
  'catatonit',
  'docker-init',
  'pid1',
]);

/** They change something, and then become what they are given. */
const REPLACED: ReadonlySet<string> = new Set(
  'chpst chroot env gosu nice nohup setpriv setsid stdbuf su-exec'.split(' '),
);

/** The role of the ENTRYPOINT of a stage; null in shell form, and where it is empty. */
export function entrypointRole(instruction: EntrypointInstruction, facts: Facts): EntrypointRole | null {
  const command = facts.commandsOf(instruction)[0]?.command;
  if (instruction.command.form === 'shell' || !command) return null;
  const names = [...command.wrappers.map((wrapper) => wrapper.name), command.name];
  const { name } = command;
  const isRunner = isScript(name) || runsWords(command);
  if (!isRunner && !INITS.has(name) && !REPLACED.has(name)) return { kind: 'program', name };
  const init = names.find((one) => INITS.has(one));
  if (init) return { kind: 'init', name: init };
  return { kind: isRunner ? 'script' : 'replaced', name };
}

/** True where nothing else looks at the words: no CMD behind an ENTRYPOINT, no entrypoint script that reads them. */
export function isOnItsOwn(instruction: CmdInstruction | EntrypointInstruction, target: StageFacts): boolean {
  if (instruction.keyword === 'ENTRYPOINT') return target.cmd === null;
  // The entrypoint of node's image only wants to know whether the first word is a command.
  return target.entrypoint === null && (target.image.entrypoint?.length === 0 || isOfficialNode(target.image));
}

function isOfficialNode({ known, name }: ImageFacts): boolean {
  return known && name === 'docker.io/library/node';
}

/** `sh -c 'exec "$@"'`, `bash start`, `poetry run`, `chamber exec app --`, `xvfb-run` */
function runsWords({ name, nesting, operands, words }: Command): boolean {
  if (name === '' || nesting.length > 0) return true;
  if (dialectOf(name)) return operands.length > 0;
  const isRunner = /[-_](?:run|exec|env|instrument)$/.test(name);
  const isKnown = INITS.has(name) || REPLACED.has(name);
  return isRunner || (!isKnown && words.some(({ value }) => /^(?:--|run|exec)$/.test(value)));
}

/** As people call the scripts that end in `exec "$@"`. */
function isScript(name: string): boolean {
  return /\.\w*sh$|entry-?point|^(?:start|run|init|boot|launch)(?:$|[-_])/i.test(name);
}
