import type { CopyInstruction } from '../../dockerfile/ast.js';
import { hadolintCommands } from '../../facts/hadolint.js';
import { copyFactsOf } from '../../facts/made-directories.js';
import type { CommandUse, CopyFacts, Facts, StageFacts } from '../../facts/types.js';
import { resolveInImage } from '../../facts/variables.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, findFlag, hasFlag, semantics } from '../define-rule.js';

/** What ADD unpacks. */
const UNPACKED_BY_ADD = /\.(?:tar|tar\.(?:gz|bz2|xz|zst)|tgz|tbz2?|txz)$/i;
const ARCHIVE = /\.(?:tar|Z|bz2|gz|lz|lzma|tZ|tb2|tbz|tbz2|tgz|tlz|tpz|txz|xz)$/;
const UNPACKERS = ['gunzip', 'bunzip2', 'unlzma', 'unxz', 'zgz', 'uncompress', 'zcat', 'gzcat', 'unzip'];
/** Not all of the archive, or not as it is. */
const PARTLY = ['--strip-components', '--exclude', '--transform', '--xform', '-O', '--to-stdout', '-T', '--wildcards'];

/** ADD unpacks an archive of the build context, and the archive itself never becomes part of a layer. */
export default defineRule({
  id: 'instruction/unpack-with-add',
  summary: 'Unpack an archive with ADD instead of COPY and tar',
  category: 'size',
  severity: 'info',
  presets: [],
  since: '0.2.0',
  aliases: ['DL3010'],
  like: { hadolint: { severity: 'info', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    unpacked: ({ name }: { name: string }) => ({
      message: `\`${name}\` stays in a layer as an archive, beside the files that are unpacked from it below`,
      help: `write \`ADD ${name}\` with the directory to unpack it into, and drop the command that unpacks it`,
    }),
    elsewhere: ({ name }: { name: string }) => ({
      message: `\`${name}\` stays in a layer as an archive, beside what is unpacked from it below`,
      help: 'unpack it in a stage of its own, and copy the result from there',
    }),
  },
  check({ facts, options, report }) {
    const isBlunt = options.semantics === 'hadolint';
    const commands = isBlunt ? hadolintCommands(facts, 'tar', ...UNPACKERS) : facts.commands('tar');
    const unpacking = commands.filter(isUnpacking);
    if (unpacking.length === 0) return;
    for (const instruction of facts.instructions('COPY')) {
      const copy = copyFactsOf(instruction, facts);
      if (instruction.from || (!isBlunt && (!copy || instruction.onbuild))) continue;
      for (const { text, span } of instruction.sources) {
        const name = baseName(text);
        if (!(isBlunt ? ARCHIVE : UNPACKED_BY_ADD).test(name)) continue;
        const later = unpacking.filter(
          (use) => use.instruction.span.start > span.start && use.instruction.stage === instruction.stage,
        );
        const use = later.find((one) =>
          isBlunt ? namesArchive(one, instruction, name) : copy && unpacksAll(one, copy, name, facts),
        );
        if (!use) continue;
        report(UNPACKED_BY_ADD.test(name) ? 'unpacked' : 'elsewhere', {
          at: span,
          data: { name: shorten(text, 60) },
          related: [{ at: use.command.span, message: 'unpacks it' }],
        });
      }
    }
  },
});

function isUnpacking({ command }: CommandUse): boolean {
  return command.name !== 'tar' || hasFlag(command, '-x', '--extract', '--get');
}

function baseName(path: string): string {
  return path.replace(/["']/g, '').replace(/^.*[/\\]/, '');
}

function namesArchive({ command }: CommandUse, { destination }: CopyInstruction, name: string): boolean {
  const names = new Set([name, destination ? baseName(destination.text) : name]);
  return (
    command.words.slice(1).some(({ value }) => names.has(baseName(value))) ||
    names.has(baseName(findFlag(command, '-f', '--file')?.value ?? ''))
  );
}

/** The very file, all of it, in a layer below that is sure to run. */
function unpacksAll({ command, instruction, stage }: CommandUse, copy: CopyFacts, name: string, facts: Facts): boolean {
  const file = findFlag(command, '-f', '--file');
  if (!file?.value || !file.literal || command.conditional || command.operands.length > 0) return false;
  if (hasFlag(command, ...PARTLY) || !stage || instruction.keyword !== 'RUN' || instruction.onbuild) return false;
  const unpacked = resolveInImage(directoryAt(stage, instruction, facts), file.value);
  if (copy.destination === null || unpacked === null) return false;
  return unpacked === copy.destination || unpacked === resolveInImage(copy.destination, name);
}

function directoryAt({ image }: StageFacts, instruction: CommandUse['instruction'], facts: Facts): string | null {
  const { workdir } = facts.stateAt(instruction);
  return workdir ? workdir.value : image.workdir;
}
