import { offersPlatform, wantedPlatforms } from '../../facts/base-platforms.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly name: string;
  readonly platform: string;
  readonly offered: string;
}

/** What the registry has of a base image for another platform does not run there, or only under emulation. */
export default defineRule({
  id: 'base/platform-mismatch',
  summary: 'Take base images that there are for the platform',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['InvalidBaseImagePlatform'],
  like: { buildkit: { severity: 'warning' } },
  messages: {
    missing: ({ name, platform, offered }: Data) => ({
      message: `the registry has no \`${name}\` for ${platform}, so that the build stops here`,
      help: `build for a platform that it has (${offered}), or take another image`,
    }),
    other: ({ name, platform, offered }: Data) => ({
      message: `\`${name}\` is an image for ${offered} alone, and is taken for ${platform} all the same`,
      help: `take an image for ${platform}, or write --platform=${offered} where that is meant`,
    }),
  },
  check({ facts, report }) {
    const { published } = facts.options;
    if (!published) return;
    for (const { reference, image, flag, platform } of wantedPlatforms(facts)) {
      const known = published(reference);
      if (!known || known.platforms.length === 0 || offersPlatform(known.platforms, platform)) continue;
      const offered = known.platforms.slice(0, 5).join(', ') + (known.platforms.length > 5 ? ', ...' : '');
      report(known.isIndex ? 'missing' : 'other', {
        at: flag?.span ?? image.span,
        data: { name: reference.familiarName, platform, offered },
        severity: known.isIndex ? 'error' : 'warning',
      });
    }
  },
});
