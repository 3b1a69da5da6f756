import { baseName, joinPath } from '../context/paths.js';
import { parseExec } from '../shell/exec.js';
import type { ShellWord } from '../shell/types.js';
import { broughtBy } from './copies.js';
import { lineage } from './node.js';
import { certainContext } from './sent-files.js';
import { mayBringPrograms } from './started-scripts.js';
import type { CopyFacts, Facts, StageFacts } from './types.js';

/** A script of the context that an entrypoint names without its directory, which is none of PATH. */
export interface UnfoundScript {
  readonly word: ShellWord;
  readonly copy: CopyFacts;
  readonly imagePath: string;
}

/** The script that the shipped image starts by its name alone, where it is nowhere that names are looked for; null where it may be. */
export function unfoundScript(facts: Facts): UnfoundScript | null {
  const { target } = facts;
  if (target?.entrypoint?.command.form !== 'exec' || !target.image.known || target.image.windows) return null;
  const word = startedWord(target);
  const context = certainContext(facts);
  if (!context || !word?.literal || !/^[\w.-]+\.(?:sh|bash|py|js)$/.test(word.value)) return null;
  const { value: name } = word;
  if (target.final.env.get('PATH')?.by || target.image.entrypoint?.some((one) => baseName(one) === name)) return null;
  const stages = lineage(target);
  const copies = stages.flatMap((one) => one.copies);
  if (copies.some(mayBringPrograms) || stages.some((one) => mayInstall(one, name, facts))) return null;
  for (const copy of copies) {
    const { destination, origin, sources } = copy;
    if (origin !== 'context' || destination === null) continue;
    if (!sources.some(({ path }) => path !== null && baseName(path) === name)) continue;
    const imagePath = [destination, joinPath(destination, name)].find((one) => broughtBy(copy, one, context) !== null);
    if (imagePath !== undefined && baseName(imagePath) === name) return { word, copy, imagePath };
  }
  return null;
}

/** The word that ENTRYPOINT, and CMD behind it, come to start. */
function startedWord({ entrypoint, cmd }: StageFacts): ShellWord | null {
  if (entrypoint?.command.form !== 'exec') return null;
  const more = cmd?.command.form === 'exec' ? cmd.command.strings : [];
  const [started, ...others] = parseExec([...entrypoint.command.strings, ...more]);
  return started && others.length === 0 ? started.nameWord : null;
}

/** True for a stage with a RUN that may put it, or anything, where names are looked for. */
function mayInstall(stage: StageFacts, name: string, facts: Facts): boolean {
  return stage.stage.instructions.some((run) => {
    if (run.keyword !== 'RUN') return false;
    if (run.mounts.length > 0 || /\bPATH\b|\/s?bin\b/.test(run.argumentsText)) return true;
    if (!run.argumentsText.includes(name.replace(/\.\w+$/, '')) && !/\w\*/.test(run.argumentsText)) return false;
    return facts.commandsOf(run).some(({ command }) => !/^(?:chmod|chown|sed|dos2unix)$/.test(command.name));
  });
}
