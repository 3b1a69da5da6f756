import { neverStandalone } from '../../facts/next-config.js';
import { configOfApp, findStandalone, isBuiltIn, scriptsOfApp } from '../../facts/next-standalone.js';
import type { Facts } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

/** Without `output: 'standalone'` the directory is never made, and the COPY stops the build. */
export default defineRule({
  id: 'node/next-standalone-config',
  summary: "Set output: 'standalone' where .next/standalone is copied",
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    unset: ({ config, source }: { config: string; source: string }) => ({
      message: `${config} does not set \`output: 'standalone'\`, so the build makes no ${source} and this COPY fails`,
      help: `write \`output: 'standalone'\` in ${config}`,
    }),
  },
  check({ facts, report }) {
    const standalone = findStandalone(facts);
    if (!standalone || mayBeMade(facts)) return;
    const config = configOfApp(standalone, facts);
    const scripts = config && scriptsOfApp(standalone, facts);
    if (!config || !neverStandalone(config.text) || !scripts || scripts.some((text) => /standalone/i.test(text)))
      return;
    if (!isBuiltIn(standalone.from, facts)) return;
    report('unset', {
      at: standalone.word.span,
      data: { config: config.path, source: standalone.word.text },
      related: [
        {
          at: { file: config, span: { start: 0, end: firstLineEnd(config.text) } },
          message: 'the configuration that is used',
        },
      ],
    });
  },
});

function firstLineEnd(text: string): number {
  const end = text.indexOf('\n');
  return end === -1 ? text.length : Math.max(1, end);
}

/** By a variable that Next.js obeys, or by a command of the file that writes the directory or the configuration. */
function mayBeMade(facts: Facts): boolean {
  if (/NEXT_PRIVATE_|OUTPUT/.test(facts.document.source.text)) return true;
  return facts
    .instructions('RUN')
    .some(({ span }) =>
      /standalone|next\.config|\.patch\b/i.test(facts.document.source.text.slice(span.start, span.end)),
    );
}
