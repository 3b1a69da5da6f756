import { withoutFlag } from '../../facts/flag-removal.js';
import type { Facts } from '../../facts/types.js';
import { variableSettings } from '../../facts/variable-settings.js';
import { writtenText } from '../../facts/written-text.js';
import type { Span } from '../../model/span.js';
import type { Command } from '../../shell/types.js';
import { defineRule, findFlag } from '../define-rule.js';

/** Install scripts run at once; and a server whose certificate nobody looks at may be anybody's. */
export default defineRule({
  id: 'node/verify-tls',
  summary: 'Let Node.js and its package managers check the certificates of servers',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    registry: ({ written }: { written: string }) => ({
      message: `with \`${written}\` packages come from a registry with any certificate, which anybody on the way can pretend to be`,
      help: 'leave it out; where the certificate is your own, name its authority with `cafile` or NODE_EXTRA_CA_CERTS',
    }),
    process: ({ written, kept }: { written: string; kept: boolean }) => ({
      message: `with \`${written}\` Node.js accepts any certificate, ${kept ? 'in the container as well' : 'for all that it fetches here'}: anybody on the way can read and replace it`,
      help: 'leave it out; where the certificate is your own, name its authority with NODE_EXTRA_CA_CERTS',
    }),
  },
  check({ document, facts, report }) {
    for (const use of facts.commands('npm', 'yarn', 'pnpm', 'npx')) {
      const { command } = use;
      const flag = findFlag(command, '--strict-ssl', '--no-strict-ssl');
      if (flag && (flag.name === '--strict-ssl' ? flag.value === 'false' : flag.value !== 'false')) {
        const edit = withoutFlag(flag, use, document.source);
        const written = flag.value === null ? flag.name : `${flag.name}=${flag.value}`;
        report('registry', {
          at: flag.span,
          data: { written },
          fix: edit && { title: `Remove ${flag.name}`, edits: [edit] },
        });
      }
      const setting = settingOf(command);
      if (setting) report('registry', { at: setting.at, data: { written: setting.written } });
    }
    for (const { at, written } of registrySwitches(facts)) report('registry', { at, data: { written } });
    // Nothing but 0 is a no: https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue
    for (const { name, value, span, instruction } of variableSettings(facts, ['NODE_TLS_REJECT_UNAUTHORIZED'])) {
      if (value !== '0') continue;
      const kept = instruction.keyword === 'ENV' && facts.stageOf(instruction)?.isShipped === true;
      report('process', { at: span, data: { written: `${name}=${value}`, kept } });
    }
  },
});

const KEY = /^(?:strict-ssl|enableStrictSsl)$/;

/** `npm config set strict-ssl false`, also as `strict-ssl=false`, and `npm set`. */
function settingOf({ subcommand, operands }: Command): { readonly at: Span; readonly written: string } | null {
  if (subcommand !== 'config set' && subcommand !== 'set') return null;
  for (const [index, { value, literal, span }] of operands.entries()) {
    if (literal && /^strict-ssl=false$/.test(value)) return { at: span, written: value };
    const next = operands[index + 1];
    if (KEY.test(value) && next?.literal && next.value === 'false')
      return { at: { start: span.start, end: next.span.end }, written: `${value} ${next.value}` };
  }
  return null;
}

const VARIABLES = [
  'NPM_CONFIG_STRICT_SSL',
  'npm_config_strict_ssl',
  'YARN_ENABLE_STRICT_SSL',
  'PNPM_CONFIG_STRICT_SSL',
  'YARN_STRICT_SSL',
];

function* registrySwitches(facts: Facts): Generator<{ readonly at: Span; readonly written: string }> {
  for (const { name, value, span } of variableSettings(facts, VARIABLES)) {
    if (value === 'false' || value === '0') yield { at: span, written: `${name}=${value}` };
  }
  for (const { span, match } of writtenText(
    facts,
    /(?<![\w-])(?:strict-ssl[ \t]*=[ \t]*|strict-ssl[ \t]+|enableStrictSsl:[ \t]*)false\b/g,
  ))
    yield { at: span, written: match[0] };
}
