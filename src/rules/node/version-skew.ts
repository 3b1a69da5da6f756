import { isSettledImage } from '../../facts/base-word.js';
import { copiedModules } from '../../facts/copied-modules.js';
import { type NativePackage, nativePackages } from '../../facts/native-packages.js';
import { lineage } from '../../facts/node.js';
import { libcOf, nodeRelease } from '../../facts/node-version.js';
import type { CopyFacts, Facts, NodeInstall, StageFacts } from '../../facts/types.js';
import type { Span } from '../../model/span.js';
import { defineRule, hasFlag } from '../define-rule.js';

interface Data {
  readonly packages: string;
  /** What they are built for, and what the stage has. */
  readonly built: string;
  readonly has: string;
}

/** Packages with native code are made for one system, and one version of Node.js, and load on no other. */
export default defineRule({
  id: 'node/version-skew',
  summary: 'Install native packages on the Node.js and the system that they run on',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    skew: ({ packages, built, has }: Data) => ({
      message: `this brings ${packages}, installed for ${built}, to a stage with ${has}: native code does not load there`,
      help: 'build both stages on the same variant and major version, or install the packages in this one',
    }),
  },
  check({ facts, report }) {
    const { context } = facts;
    if (!context || new Set(facts.stages.map(({ image }) => image.text)).size < 2) return;
    const seen = new Set<NodeInstall>();
    for (const { install, copy } of copiedModules(facts)) {
      const difference = seen.has(install) || !install.project ? null : differenceOf(install.stage, copy.stage, facts);
      if (!difference || !install.project || isRebuilt(copy, facts)) continue;
      const isOne = takesOneLibc(install, facts);
      const packages = nativePackages(install.project, context).filter(
        (one) => difference.concerns(one) && (isOne || !one.prebuilt),
      );
      if (packages.length === 0) continue;
      seen.add(install);
      const { built, has } = difference;
      report('skew', {
        at: fromSpan(copy),
        data: { packages: namesOf(packages), built, has },
        related: [
          { at: install.stage.image.word?.span ?? install.instruction.keywordSpan, message: 'installed on this image' },
          { at: copy.stage.image.word?.span ?? copy.instruction.keywordSpan, message: 'and run on this one' },
        ],
      });
    }
  },
});

function fromSpan({ instruction }: CopyFacts): Span {
  return (instruction.keyword === 'COPY' ? instruction.from?.span : null) ?? instruction.keywordSpan;
}

interface Difference {
  readonly built: string;
  readonly has: string;
  concerns(native: NativePackage): boolean;
}

function differenceOf(from: StageFacts, to: StageFacts, facts: Facts): Difference | null {
  const images = [from.image, to.image] as const;
  if (images.some((one) => one.family !== 'node' || !isSettledImage(one, facts))) return null;
  const [libc, otherLibc] = [libcOf(images[0]), libcOf(images[1])];
  if (libc && otherLibc && libc !== otherLibc) {
    if (hasCompatibility(to, facts)) return null;
    return { built: LIBC[libc], has: LIBC[otherLibc], concerns: ({ perLibc }) => perLibc };
  }
  const [release, other] = images.map((one) => nodeRelease(one, facts.options.now));
  if (!release || !other || release.moving || other.moving || release.major === other.major) return null;
  return {
    built: `Node.js ${release.major}`,
    has: `Node.js ${other.major}`,
    concerns: ({ perMajor }) => perMajor,
  };
}

const LIBC = { musl: 'musl (Alpine)', glibc: 'glibc' } as const;

/** False where the binaries of another libc may be installed too: yarn 1 takes all, and settings may ask for more. */
function takesOneLibc({ manager, project }: NodeInstall, facts: Facts): boolean {
  if (manager !== 'npm' && manager !== 'pnpm') return false;
  const workspace = facts.context?.read('pnpm-workspace.yaml')?.text ?? '';
  if (/supportedArchitectures/.test(`${project?.manifest.source.text} ${workspace}`)) return false;
  const isAsked = project?.npmrc?.has('libc') || project?.npmrc?.has('supported-architectures');
  return !isAsked && !facts.commands('npm', 'pnpm').some(({ command }) => hasFlag(command, '--libc'));
}

/** glibc's stand-ins for Alpine may do. */
function hasCompatibility(stage: StageFacts, facts: Facts): boolean {
  return facts
    .commands('apk')
    .some((use) => use.stage === stage && use.command.words.some(({ value }) => /compat|glibc/.test(value)));
}

/** True where the stage installs or builds packages after the COPY. */
function isRebuilt(copy: CopyFacts, facts: Facts): boolean {
  return facts
    .commands('npm', 'yarn', 'pnpm', 'bun', 'node-gyp', 'node-pre-gyp')
    .some(
      ({ stage, instruction, command }) =>
        stage !== null &&
        lineage(stage).includes(copy.stage) &&
        instruction.span.start > copy.instruction.span.start &&
        !/^(?:run|test|cache clean|config)/.test(command.subcommand ?? ''),
    );
}

function namesOf(packages: readonly NativePackage[]): string {
  const names = [...new Set(packages.map(({ name }) => name))].sort();
  const more = names.length > 3 ? ' and others' : '';
  return names.slice(0, 3).join(', ') + more;
}
