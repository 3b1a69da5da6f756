import { missingAssets } from '../../facts/standalone-assets.js';
import { defineRule } from '../define-rule.js';

/** The standalone server serves its pages without styles and scripts, which nothing says at build time. */
export default defineRule({
  id: 'node/next-standalone-assets',
  summary: 'Copy .next/static and public beside the standalone server of Next.js',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    static: ({ source, app, from }: Data) => ({
      message: `\`${source}\` has no .next/static in it: the server answers 404 for all scripts and styles of its pages`,
      help: `add \`COPY --from=${from} ${app}/.next/static <directory of server.js>/.next/static\``,
    }),
    public: ({ source, app, from, file }: Data & { file: string }) => ({
      message: `\`${source}\` has no public directory in it: the server answers 404 for ${file}`,
      help: `add \`COPY --from=${from} ${app}/public <directory of server.js>/public\``,
    }),
  },
  check({ facts, report }) {
    const found = missingAssets(facts);
    if (!found) return;
    const { standalone, isStaticMissing, isCertain, publicFile } = found;
    const { word } = standalone;
    const app = standalone.app === '/' ? '' : standalone.app;
    const { instruction } = standalone.copy;
    const from = (instruction.keyword === 'COPY' ? instruction.from?.text : null) ?? '<stage>';
    const data = { source: word.text, app, from };
    if (isStaticMissing) report('static', { at: word.span, data, severity: isCertain ? 'error' : 'warning' });
    if (publicFile !== null)
      report('public', { at: word.span, data: { ...data, file: publicFile }, severity: 'warning' });
  },
});

interface Data {
  /** The directory that is copied, as it is written. */
  readonly source: string;
  /** Of the app in the stage that builds it. */
  readonly app: string;
  readonly from: string;
}
