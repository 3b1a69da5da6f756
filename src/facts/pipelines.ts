import type { Span } from '../model/span.js';
import { optionAt } from '../shell/parse.js';
import type { Command } from '../shell/types.js';
import type { ScriptUse } from './types.js';

/** A command whose failure a pipe hides. */
export interface HiddenFailure {
  readonly command: Command;
  /** The `|` behind it. */
  readonly pipe: Span;
}

/**
 * The first pipeline whose status counts for the script, but in which a command before the last may fail without a trace,
 * since a pipeline has the status of its last command unless `pipefail` is on. Null where there is none.
 * {@link https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_09_02}
 */
export function hiddenFailure({ script, shell }: ScriptUse): HiddenFailure | null {
  if (shell.options.has('pipefail') && !script.options.some(({ name }) => name === 'pipefail')) return null;
  // Scripts with `set -x` at each step are not gone through for each pipe.
  const options = script.options.filter(({ name }) => name === 'pipefail' || name === 'errexit');
  for (const pipeline of script.pipelines) {
    if (pipeline.statusUnused) continue;
    const last = script.commands[pipeline.members.at(-1) ?? -1];
    if (last && (last.next === '||' || failsWithout(last))) continue;
    const index = pipeline.members.findIndex(
      (member, at) => at < pipeline.pipes.length && mayFail(script.commands[member], at === 0),
    );
    const command = script.commands[pipeline.members[index] ?? -1];
    const pipe = pipeline.pipes[index];
    if (!command || !pipe) continue;
    const { start } = pipeline.span;
    // Who switches it off knows of it.
    if (optionAt({ ...script, options }, 'pipefail', start) !== null || shell.options.has('pipefail')) continue;
    if (last?.next === ';' && !(optionAt({ ...script, options }, 'errexit', start) ?? shell.options.has('errexit')))
      continue;
    return { command, pipe };
  }
  return null;
}

/** They only print, and have nothing that can go wrong. */
const PRINTERS = new Set(
  'echo printf yes true : seq date uname nproc pwd id whoami arch hostname env set export printenv'.split(' '),
);
/** In the midst of a pipeline they only pass on what they are given; `grep` fails where nothing matches, as intended. */
const FILTERS = new Set(
  'sed cut tr sort uniq head tail awk gawk mawk wc tac rev column fold nl grep egrep fgrep cat tee xargs less more'.split(
    ' ',
  ),
);
/** They ask what is there; whoever pipes their answer on takes an empty one. */
const QUESTIONS = new Set(
  'find ls grep egrep fgrep zgrep ps locale which command type ldconfig lsb_release apt-mark apt-cache dpkg-query dpkg rpm ldd readelf scanelf'.split(
    ' ',
  ),
);

function mayFail(command: Command | undefined, isFirst: boolean): boolean {
  if (!command) return false;
  const { name } = command;
  if (name === '' || PRINTERS.has(name) || QUESTIONS.has(name)) return false;
  if (!isFirst && FILTERS.has(name)) return false;
  const readsHere = command.redirects.some(({ operator }) => operator.startsWith('<<'));
  return !(readsHere && (name === 'cat' || FILTERS.has(name)));
}

/** Programs that fail where what they are given is empty or cut off, so that the failure before them shows after all. */
const CHECKERS = new Set(
  'tar gtar gunzip zcat bunzip2 bzcat unxz xzcat unzstd zstdcat unlzma cpio unzip funzip apt-key gpg gpg2 gpgv grep egrep fgrep zgrep'.split(
    ' ',
  ),
);

function failsWithout(command: Command): boolean {
  if (CHECKERS.has(command.name)) return true;
  const has = (...names: string[]) => command.flags.some((flag) => names.includes(flag.name));
  if (/^(?:sha\d+|md5|b2|ck)sum$/.test(command.name)) return has('-c', '--check');
  return (
    /^(?:gzip|bzip2|xz|zstd|lzma)$/.test(command.name) &&
    command.flags.some(({ word }) => /^-\w*d|^--(?:decompress|uncompress)$/.test(word.value))
  );
}
