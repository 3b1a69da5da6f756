import type { FromInstruction } from '../../dockerfile/ast.js';
import { checkPlatform } from '../../dockerfile/platform.js';
import { flagNamed } from '../../facts/flags.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, semantics } from '../define-rule.js';

/** `docker build --platform` is of no use where the file itself has settled on one. */
export default defineRule({
  id: 'base/no-constant-platform',
  summary: 'Leave the platform to who builds',
  category: 'correctness',
  severity: 'info',
  presets: [],
  since: '0.2.0',
  aliases: ['DL3029', 'FromPlatformFlagConstDisallowed'],
  like: {
    hadolint: { severity: 'warning', options: { semantics: 'hadolint' } },
    buildkit: { severity: 'warning', options: { semantics: 'buildkit' } },
  },
  options: { semantics: semantics('hadolint', 'buildkit') },
  messages: {
    constant: ({ platform }: { platform: string }) => ({
      message: `this stage is built for \`${platform}\` whatever \`docker build --platform\` says, and other machines emulate it`,
      help: 'leave --platform out, use $BUILDPLATFORM for tools of the build, or say in a comment why it has to be',
    }),
  },
  check({ facts, options, report }) {
    for (const from of facts.instructions('FROM')) {
      const value = flagNamed(from, 'platform')?.value;
      if (!value) continue;
      const isConstant =
        options.semantics === 'hadolint'
          ? !/(?:BUILD|TARGET)PLATFORM/.test(value.text)
          : isConstantFor(from, value.text.replace(/["']/g, ''));
      if (!isConstant || (options.semantics === 'plimsoll' && isExplained(from))) continue;
      report('constant', { at: value.span, data: { platform: shorten(value.text) } });
    }
  },
});

/** BuildKit accepts a constant in a stage whose name says what it is for: one stage for each architecture. */
function isConstantFor({ name }: FromInstruction, platform: string): boolean {
  if (platform.includes('$') || !checkPlatform(platform).ok) return false;
  const stage = name?.text.toLowerCase() ?? '';
  return !partsOf(platform).some((part) => stage.includes(part));
}

/** System and architecture, by the names that BuildKit has for them. */
function partsOf(platform: string): readonly string[] {
  const parts = platform.toLowerCase().split('/').slice(0, 2);
  // An architecture alone is one of Linux.
  if (parts.length === 1) parts.push('linux');
  return parts.map((part) => ARCHITECTURES[part] ?? part);
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
  armel: 'arm',
  i386: '386',
  macos: 'darwin',
};

/** A comment above speaks of the platform. */
function isExplained({ leadingComments }: FromInstruction): boolean {
  return leadingComments.some(({ text }) =>
    /platform|\barch|\bx86|\bx64\b|(?:amd|arm)(?:32|64)|aarch64|apple silicon|\bM[1-5]\b|emulat|qemu|rosetta|\bonly\b/i.test(
      text,
    ),
  );
}
