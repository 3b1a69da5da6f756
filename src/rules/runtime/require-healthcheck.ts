import type { Facts, StageFacts } from '../../facts/types.js';
import { defineRule, semantics } from '../define-rule.js';

/** A process that runs is not yet a service that answers. */
export default defineRule({
  id: 'runtime/require-healthcheck',
  summary: 'Say with HEALTHCHECK how to see that a service is well',
  category: 'runtime',
  severity: 'info',
  presets: [],
  since: '0.2.0',
  aliases: ['DL3057'],
  like: { hadolint: { severity: 'info', off: true, options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    missing: () => ({
      message: 'without a HEALTHCHECK a service that hangs counts as running, and what depends on it starts too early',
      help: 'write a HEALTHCHECK that asks the service, or HEALTHCHECK NONE where something else watches it',
    }),
  },
  check({ facts, options, report }) {
    if (options.semantics === 'hadolint') {
      for (const { stage } of unwatched(facts)) report('missing', { at: stage.from.keywordSpan });
      return;
    }
    const { target } = facts;
    if (!target || target.isDevelopment || target.healthcheck || target.image.healthcheck || !isService(target, facts))
      return;
    const start = target.cmd ?? target.entrypoint;
    report('missing', { at: start ? start.keywordSpan : (target.stage.from.image ?? target.stage.from).span });
  },
});

/** A tool that runs and ends has no health; what listens on a port does. */
function isService({ exposes, image }: StageFacts, facts: Facts): boolean {
  return exposes.length > 0 || (image.exposes?.length ?? 0) > 0 || facts.ports.length > 0;
}

/** Stages that neither have a HEALTHCHECK, nor inherit one, nor are built on by a stage that has. */
function unwatched({ stages }: Facts): readonly StageFacts[] {
  const watched = new Set<StageFacts>();
  for (const stage of stages.toReversed()) {
    if (!stage.healthcheck && !watched.has(stage)) continue;
    watched.add(stage);
    if (stage.parent) watched.add(stage.parent);
  }
  return stages.filter((stage) => !watched.has(stage));
}
