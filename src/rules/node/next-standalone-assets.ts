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
    static: ({ source, app }: { source: string; app: string }) => ({
      message: `\`${source}\` has no .next/static in it: the server answers 404 for all scripts and styles of its pages`,
      help: `add a COPY of ${app}/.next/static to .next/static beside server.js`,
    }),
    public: ({ source, app, file }: { source: string; app: string; file: string }) => ({
      message: `\`${source}\` has no public directory in it: the server answers 404 for ${file}`,
      help: `add a COPY of ${app}/public to public beside server.js`,
    }),
  },
  check({ facts, report }) {
    const found = missingAssets(facts);
    if (!found) return;
    const { standalone, isStaticMissing, isCertain, publicFile } = found;
    const { word } = standalone;
    const app = standalone.app === '/' ? '' : standalone.app;
    const data = { source: word.text, app };
    if (isStaticMissing) report('static', { at: word.span, data, severity: isCertain ? 'error' : 'warning' });
    if (publicFile !== null)
      report('public', { at: word.span, data: { ...data, file: publicFile }, severity: 'warning' });
  },
});
