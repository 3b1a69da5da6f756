import { isWithin } from '../context/paths.js';
import type { AddInstruction, CopyInstruction, Instruction, Word } from '../dockerfile/ast.js';
import { ECOSYSTEMS, inputRole } from './ecosystems.js';
import { contextSources, sentFiles } from './sent-files.js';
import type { CommandUse, CopyFacts, Facts } from './types.js';
import { workOf } from './work.js';

/** An install of system packages that stands below a COPY of the source and needs nothing of it. */
export interface LateInstall {
  readonly copy: CopyFacts;
  /** The source of the COPY that brings files which are edited every day. */
  readonly word: Word;
  readonly use: CommandUse;
  /** True where nothing stands between the two that the install may depend on. */
  readonly movable: boolean;
}

/** For each stage that the target needs, the first such install. Without a context only `COPY .` is known to bring source. */
export function lateInstalls(facts: Facts): readonly LateInstall[] {
  const found: LateInstall[] = [];
  for (const stage of facts.stages) {
    if (stage.role === 'unreachable' || stage.isDevelopment || stage.copies.length === 0) continue;
    const copies = new Map<Instruction, CopyFacts>(stage.copies.map((copy) => [copy.instruction, copy]));
    let source: { readonly copy: CopyFacts; readonly word: Word } | null = null;
    let movable = true;
    for (const instruction of stage.stage.instructions) {
      const copy = copies.get(instruction);
      if (copy) {
        if (source) movable = false;
        else source = sourceOf(copy, facts);
      } else if (source && instruction.keyword === 'RUN') {
        const work = workOf(instruction, facts).find(({ kind }) => kind === 'packages');
        if (work && isSelfContained(facts.commandsOf(instruction))) {
          const between = isPlainBetween(stage.stage.instructions, source.copy.instruction, instruction);
          found.push({ ...source, use: work.use, movable: movable && between });
          break;
        }
        movable = false;
      }
    }
  }
  return found;
}

/** The source of a COPY that brings files of a programming language, more than one: a lone script changes rarely. */
function sourceOf(copy: CopyFacts, facts: Facts): { readonly copy: CopyFacts; readonly word: Word } | null {
  if (copy.origin !== 'context') return null;
  if (!facts.context) {
    const whole = copy.sources.find(({ path }) => path !== null && /^\.\/?$/.test(path));
    return whole ? { copy, word: whole.word } : null;
  }
  const files = sentFiles(facts, copy).filter(
    (path) => inputRole(path) === null && ECOSYSTEMS.some(({ sources }) => sources.test(path)),
  );
  if (files.length < 2) return null;
  const source = contextSources(copy).find(({ match }) =>
    match.matches.some(
      ({ path, kind }) => kind === 'directory' && (path === '.' || files.some((file) => isWithin(path, file))),
    ),
  );
  return source ? { copy, word: source.word } : null;
}

/** What a RUN of package installs consists of where it reads nothing that was copied. */
const PLAIN =
  /^(?:apt-get|apt|aptitude|apt-mark|apk|dnf|yum|microdnf|zypper|rm|set|true|:|echo|update-ca-certificates|ldconfig|locale-gen|export|)$/;

/** True where a RUN only installs packages by name and tidies up, so that it needs nothing that was copied before. */
export function isSelfContained(uses: readonly CommandUse[]): boolean {
  return (
    uses.length > 0 &&
    uses.every(({ command, script }) => {
      if (!script || script.errors.length > 0 || !PLAIN.test(command.name)) return false;
      if (command.name === '' && command.nameWord !== null) return false;
      if (command.redirects.some(({ operator }) => operator.startsWith('<'))) return false;
      // A path may be one that was copied; a substitution may read one.
      return (
        command.name === 'rm' ||
        command.words
          .slice(1)
          .every(
            ({ value, text }) => !/[`]|\$\(|^[./~]/.test(text) && (command.name === 'echo' || !value.includes('/')),
          )
      );
    })
  );
}

/** True where only what has no part in the install's key stands between two instructions of a stage. */
function isPlainBetween(
  instructions: readonly Instruction[],
  from: CopyInstruction | AddInstruction,
  to: Instruction,
): boolean {
  const between = instructions.slice(instructions.indexOf(from) + 1, instructions.indexOf(to));
  return between.every(({ keyword }) =>
    /^(?:LABEL|EXPOSE|CMD|ENTRYPOINT|HEALTHCHECK|STOPSIGNAL|VOLUME|MAINTAINER)$/.test(keyword),
  );
}
