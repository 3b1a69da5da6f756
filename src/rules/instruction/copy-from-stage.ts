import { nearestName } from '../../context/closest.js';
import { parseImageReference } from '../../dockerfile/image-reference.js';
import { isNearInParts } from '../../dockerfile/suggest.js';
import { lookUpImage } from '../../facts/image-table.js';
import { stageReferences } from '../../facts/stage-references.js';
import type { Facts, StageFacts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, semantics } from '../define-rule.js';

/** A name that is no stage is taken for an image, and what is pulled then is not what was built. */
export default defineRule({
  id: 'instruction/copy-from-stage',
  summary: 'Copy from a stage that stands above',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3022'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  fix: 'suggestion',
  options: { semantics: semantics('hadolint') },
  messages: {
    later: ({ name }: { name: string }) => ({
      message: `stage \`${name}\` is defined below, and stages are built in the order of the file: the build stops here`,
      help: `move the stage \`${name}\` above this one`,
    }),
    noSuchNumber: ({ number, count }: { number: string; count: number }) => ({
      message: `there is no stage ${number}, since they are counted from 0 to ${count - 1}: the build stops here`,
      help: 'give the stage a name with AS, and copy from that',
    }),
    near: ({ name, meant }: { name: string; meant: string }) => ({
      message: `no stage is called \`${name}\`, so an image of that name is pulled instead of \`${meant}\``,
      help: `did you mean \`${meant}\`?`,
    }),
    notAbove: ({ name }: { name: string }) => ({
      message: `no stage above is called \`${name}\`: it is taken for an image or a named context`,
      help: 'name a stage that stands above, or an image with its tag',
    }),
  },
  check({ facts, options, report }) {
    for (const { instruction, span: at, text, literal, stage, namedContext } of stageReferences(facts)) {
      const own = facts.stageOf(instruction);
      const name = shorten(text);
      if (options.semantics === 'hadolint') {
        const isAbove = stage !== null && own !== null && stage.index <= own.index;
        if (instruction.keyword === 'COPY' && !isAbove && !text.includes(':'))
          report('notAbove', { at, data: { name } });
      } else if (!own || !literal || namedContext) {
        // Nobody knows what it is before the build.
      } else if (stage) {
        if (stage.index <= own.index) continue;
        const related = [{ at: (stage.stage.from.name ?? stage.stage.from).span, message: 'defined only here' }];
        report('later', { at, data: { name }, severity: 'error', related });
      } else if (instruction.keyword === 'COPY' && /^\d+$/.test(text)) {
        report('noSuchNumber', { at, data: { number: name, count: facts.stages.length }, severity: 'error' });
      } else {
        const meant = nearStage(text, own, facts);
        if (meant === null) continue;
        report('near', {
          at,
          data: { name, meant },
          fix: { title: `Write ${meant}`, edits: [{ span: at, text: meant }] },
        });
      }
    }
  },
});

/** Short names of official images that the table of base images does not have. */
const OFFICIAL: ReadonlySet<string> = new Set(
  'adminer bash consul couchdb crate dart flink gcc haskell jetty julia kong neo4j odoo percona registry ros solr spark storm unit varnish vault'.split(
    ' ',
  ),
);

/** More stages than this are made by a program, which makes no slips. */
const MOST_STAGES = 200;

/** The name of the stage above that is very likely meant; null where the name may well be that of an image or a context. */
function nearStage(text: string, own: StageFacts, facts: Facts): string | null {
  // Images of people and companies have a slash, and who writes a tag or a digest means an image.
  if (!/^[\w.-]+$/.test(text) || facts.stages.length > MOST_STAGES) return null;
  const parsed = parseImageReference(text);
  if ((parsed.ok && lookUpImage(parsed.value)) || OFFICIAL.has(text)) return null;
  const isImageHere = facts.stages.some(({ image }) => image.text?.replace(/[:@].*$/, '') === text);
  if (isImageHere) return null;
  const above = facts.stages.slice(0, own.index).flatMap(({ name }) => name ?? []);
  return nearestName(
    text.toLowerCase(),
    above.filter((name) => isNearInParts(text, name)),
  );
}
