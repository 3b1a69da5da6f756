import type { NodeProject } from '../../context/types.js';
import { isSettledImage, tagSpan } from '../../facts/base-word.js';
import { installText } from '../../facts/install-inputs.js';
import { excludes, mayReplaceNode, pinnedNode, refusesEngines } from '../../facts/node-engines.js';
import { type NodeRelease, nodeRelease } from '../../facts/node-version.js';
import type { Facts, NodeInstall, StageFacts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly image: string;
  /** As far as the tag says. */
  readonly version: string;
  readonly moving: boolean;
  readonly wanted: string;
}

/** The image has another Node.js than the project says that it works with. */
export default defineRule({
  id: 'node/engines',
  summary: 'Build on a version of Node.js that the project allows',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    stops: ({ wanted, command, ...data }: Data & { readonly command: string }) => ({
      message: `${isNode(data)}, but package.json allows \`${wanted}\` only, so \`${command}\` stops (unsupported engine)`,
      help: HELP,
    }),
    excluded: ({ wanted, ...data }: Data) => ({
      message: `${isNode(data)}, but package.json allows \`${wanted}\` only: what the code needs may be missing or changed there`,
      help: HELP,
    }),
    pinned: ({ wanted, source, ...data }: Data & { readonly source: string }) => ({
      message: `${isNode(data)}, but ${source} names ${wanted}: the image runs another version than the developers do`,
      help: 'name the same major version in both places',
    }),
  },
  check({ facts, report }) {
    const seen = new Set<string>();
    const judged = new Map<StageFacts, NodeRelease | null>();
    for (const { stage, project, install } of pairsOf(facts)) {
      const { image } = stage;
      if (image.family !== 'node' || stage.role === 'unreachable') continue;
      const key = `${image.text} ${project.directory}`;
      let release = judged.get(stage);
      if (release === undefined) {
        release = releaseOf(stage, facts);
        judged.set(stage, release);
      }
      const at = release && tagSpan(image);
      if (!release || !at || seen.has(key)) continue;
      const { engines, source } = project.manifest;
      const wanted = engines.get('node');
      const data = dataOf(stage, release);
      if (wanted && excludes(wanted.value, release)) {
        seen.add(key);
        const isError = install !== null && refusesEngines(install, release, facts);
        const related = [{ at: { file: source, span: wanted.span }, message: 'the versions that the project allows' }];
        const found = { ...data, wanted: shorten(wanted.value) };
        if (isError) {
          report('stops', { at, data: { ...found, command: installText(install) }, related, severity: 'error' });
        } else report('excluded', { at, data: found, related });
        continue;
      }
      const pinned = pinnedNode(project);
      // A build argument is often given what the file says.
      if (!pinned || pinned.major === release.major || image.word?.text.includes('$')) continue;
      seen.add(key);
      report('pinned', {
        at,
        data: { ...data, wanted: String(pinned.major), source: pinned.source },
        severity: wanted ? 'info' : 'warning',
      });
    }
  },
});

/** The Node.js of a stage where it is certain. */
function releaseOf(stage: StageFacts, facts: Facts): NodeRelease | null {
  const release = nodeRelease(stage.image, facts.options.now);
  return release && isSettledImage(stage.image, facts) && !mayReplaceNode(stage, facts) ? release : null;
}

interface Pair {
  readonly stage: StageFacts;
  readonly project: NodeProject;
  readonly install: NodeInstall | null;
}

/** Each project with the stages that install it, or start it. */
function pairsOf(facts: Facts): readonly Pair[] {
  if (!facts.context || facts.stages.every(({ image }) => image.family !== 'node')) return [];
  const installed = facts.node.installs.flatMap((install) =>
    install.project ? [{ stage: install.stage, project: install.project, install }] : [],
  );
  const started = facts.target?.image.family === 'node' ? (facts.node.start?.project ?? null) : null;
  // An install that refuses is worth more than one that warns.
  return started && facts.target ? [...installed, { stage: facts.target, project: started, install: null }] : installed;
}

function dataOf({ image }: StageFacts, { major, range, moving }: NodeRelease): Omit<Data, 'wanted'> {
  return {
    image: (image.text ?? '').replace(/@.*/, ''),
    version: moving ? String(major) : range.replace('.x', ''),
    moving,
  };
}

function isNode({ image, version, moving }: Omit<Data, 'wanted'>): string {
  return `\`${image}\` is Node.js ${version}${moving ? ' or later' : ''}`;
}

const HELP = 'build on a version in that range, or widen `engines.node` once the project is tested there';
