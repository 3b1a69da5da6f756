import { hostOf, isLoopback } from '../../facts/hosts.js';
import { pipedDownloads } from '../../facts/piped-downloads.js';
import { defineRule } from '../define-rule.js';

/** The build runs whatever the server sends that day, and the first lines run before the last have come. */
export default defineRule({
  id: 'download/no-pipe-to-shell',
  summary: 'Check a downloaded script before it runs',
  category: 'security',
  severity: 'warning',
  presets: ['strict'],
  since: '0.2.0',
  messages: {
    piped: ({ runner, tool }: { runner: string; tool: string }) => ({
      message: `\`${runner}\` runs whatever \`${tool}\` gets on the day of the build, also where it is another script or half of one`,
      help: 'save it to a file, compare that with `sha256sum -c`, then run it; or install from a package with a version',
    }),
  },
  check({ facts, report }) {
    for (const { download, runner } of pipedDownloads(facts)) {
      const [only] = download.urls;
      const host = only && hostOf(only.url);
      if (only?.url.startsWith('file:') || (host && isLoopback(host))) continue;
      const at = (runner.nameWord ?? runner).span;
      report('piped', { at, data: { runner: runner.name, tool: download.use.command.name } });
    }
  },
});
