import type { Document, Instruction, KeyValue, PairsInstruction } from '../../dockerfile/ast.js';
import { entryRemoval } from '../../facts/entry-removal.js';
import { canonicalImageName } from '../../facts/image-table.js';
import { isMentioned } from '../../facts/mentions.js';
import type { Facts, ImageFacts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { defineRule } from '../define-rule.js';

/** An ARG that nothing can read promises a setting that does nothing. */
export default defineRule({
  id: 'instruction/unused-arg',
  summary: 'Declare no ARG that nothing reads',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    global: ({ name }: { name: string }) => ({
      message: `nothing reads ARG ${name}: no FROM line names it, and no stage declares it again`,
      help: `remove it, or write \`ARG ${name}\` in the stage that needs it too`,
    }),
    late: ({ name }: { name: string }) => ({
      message: `nothing reads ARG ${name}: no instruction below names it, and no RUN follows that would see it`,
      help: 'remove it, or move it above the RUN that needs it',
    }),
  },
  check({ document, facts, report }) {
    if (facts.instructions('ARG').length === 0 || hasOwnFrontend(document)) return;
    const isNamed = (name: string, from: number) => isMentioned(name, from, document.source.text.length, facts);
    // ONBUILD triggers of a base image may declare it again, as those of cypress/factory do.
    const isWhole = document.preamble.length > 0 && facts.stages.every(({ image }) => hasNoTriggers(image));
    const declared = new Set(isWhole ? argumentsOfStages(facts) : []);
    for (const { instruction, pair } of isWhole ? pairsOf(document.preamble) : []) {
      const name = pair.key.text;
      if (isPredefined(name) || isNamed(name, 0) || declared.has(name)) continue;
      report('global', { at: pair.key.span, data: { name: shorten(name) }, fix: fixOf(instruction, pair, document) });
    }
    const parents = new Set(facts.stages.map(({ parent }) => parent));
    for (const stage of facts.stages) {
      const { instructions } = stage.stage;
      const lastRun = instructions.findLastIndex(({ keyword }) => READERS.has(keyword));
      if (parents.has(stage)) continue;
      for (const { instruction, pair } of pairsOf(instructions.slice(lastRun + 1))) {
        const name = pair.key.text;
        if (isPredefined(name) || isNamed(name, pair.span.end)) continue;
        // One that only repeats another, which a RUN did see, is another matter.
        if (facts.stateAt(instruction).args.get(name) !== undefined) continue;
        report('late', { at: pair.key.span, data: { name: shorten(name) }, fix: fixOf(instruction, pair, document) });
      }
    }
  },
});

/** They have ARGs in their environment, or may. */
const READERS: ReadonlySet<string> = new Set<Instruction['keyword']>(['RUN', 'ONBUILD', 'UNKNOWN']);

function* pairsOf(instructions: readonly Instruction[]): Generator<{ instruction: PairsInstruction; pair: KeyValue }> {
  for (const instruction of instructions) {
    if (instruction.keyword !== 'ARG') continue;
    for (const pair of instruction.pairs) if (/^[A-Za-z_]\w*$/.test(pair.key.text)) yield { instruction, pair };
  }
}

/** BuildKit and its cache read some of them even where the file does not, and the proxies go into every RUN. */
function isPredefined(name: string): boolean {
  return /^(?:BUILDKIT_|BUILDX_|TARGET|BUILD(?:PLATFORM|OS|ARCH|VARIANT)$|SOURCE_DATE_EPOCH$)|^(?:https?|ftp|no|all)_proxy$/i.test(
    name,
  );
}

/** The official images gave ONBUILD up. */
function hasNoTriggers({ scratch, known, reference, tag }: ImageFacts): boolean {
  const isOfficial = reference !== null && canonicalImageName(reference).startsWith('docker.io/library/');
  return scratch || (known && isOfficial && tag?.includes('onbuild') !== true);
}

function argumentsOfStages(facts: Facts): readonly string[] {
  const own = facts.instructions('ARG').filter(({ stage }) => stage !== -1);
  return own.flatMap(({ pairs }) => pairs.map(({ key }) => key.text));
}

/** Another frontend than Docker's may read what it likes. */
function hasOwnFrontend({ directives }: Document): boolean {
  const syntax = directives.find(({ name }) => name === 'syntax');
  return syntax !== undefined && !/^(?:docker\.io\/)?docker\/dockerfile(?:[:@-]|$)/.test(syntax.value);
}

function fixOf(instruction: PairsInstruction, pair: KeyValue, document: Document) {
  const edit = entryRemoval(instruction, instruction.pairs, pair, document);
  return edit && { title: `Remove ARG ${pair.key.text}`, edits: [edit] };
}
