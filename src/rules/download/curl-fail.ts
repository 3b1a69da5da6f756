import type { Instruction } from '../../dockerfile/ast.js';
import { remember } from '../../facts/lazy.js';
import type { CommandUse } from '../../facts/types.js';
import { mayPass } from '../../facts/variable-arguments.js';
import { type Command, findFlag, hasFlag } from '../../shell/types.js';
import { defineRule, type FixInput, insertAfter } from '../define-rule.js';

const FAIL = /^--fail/;

/** The answer is looked at, sent along with data, or wanted whatever it is. */
const TALKS =
  /^(?:-[wIidXFTKGv]|--(?:write-out|head|include|data.*|json|request|form.*|upload-file|config|get|verbose|next))$/;

/** They take what comes for a program or an archive. */
const CONSUMERS = new Set(
  'sh bash dash zsh ash tar bsdtar gtar gunzip zcat bunzip2 unxz xz unzip funzip cpio gpg gpg2 apt-key tee dd python python3 perl ruby node php'.split(
    ' ',
  ),
);

const CHECKS =
  /\b(?:sha\d+sum|shasum|md5sum|b2sum|sha1sum|cosign|minisign)\b|gpg2?\b[^\n;&|]*--verify|openssl (?:dgst|sha)/;

/** Without `--fail` curl saves the page that says "404 Not Found" under the name of the file, and succeeds. */
export default defineRule({
  id: 'download/curl-fail',
  summary: 'Let curl fail where the server answers with an error',
  category: 'correctness',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    file: (_: object) => ({
      message: 'where the server answers 404 or 500, curl succeeds and its error page becomes the file',
      help: 'pass `-f`: curl then fails, and the build stops at the cause',
    }),
    pipe: ({ consumer }: { consumer: string }) => ({
      message: `where the server answers 404 or 500, curl succeeds and \`${consumer}\` gets the error page`,
      help: 'pass `-f`: curl then prints nothing and says why',
    }),
  },
  check({ document, facts, report }) {
    const uses = facts.commands('curl');
    if (uses.length === 0 || /curlrc|CURL_HOME/.test(document.source.text)) return;
    const isChecked = remember(checks);
    for (const use of uses) {
      const { command } = use;
      if (command.flags.some(({ name, unknown }) => unknown || FAIL.test(name) || TALKS.test(name))) continue;
      if (hasFlag(command, '-f') || !fetches(command) || mayPass(/-\w*f|--fail/, use, facts)) continue;
      const consumer = consumerOf(use);
      if (consumer === null && !isSaved(command)) continue;
      if (isChecked(use.instruction)) continue;
      const at = command.nameWord?.span ?? command.span;
      if (consumer !== null) report('pipe', { at, data: { consumer }, fix: fixOf(use) });
      else report('file', { at, data: {}, fix: fixOf(use) });
    }
  },
});

/** True where the RUN checks what was loaded. */
function checks({ argumentsText, heredocs }: Instruction): boolean {
  return CHECKS.test(argumentsText) || heredocs.some(({ content }) => CHECKS.test(content));
}

function fetches({ operands, flags }: Command): boolean {
  const urls = [
    ...operands.map(({ value }) => value),
    ...flags.flatMap(({ name, value }) => (name === '--url' ? (value ?? '') : [])),
  ];
  return (
    urls.some((url) => /^https?:|\$|^[\w-]+(?:\.[\w-]+)+\//.test(url)) &&
    !urls.some((url) => /^(?:file|ftp):/.test(url))
  );
}

function isSaved(command: Command): boolean {
  const output = findFlag(command, '-o', '--output')?.value;
  if (output !== undefined && output !== null) return output !== '-' && !output.startsWith('/dev/');
  if (hasFlag(command, '-O', '--remote-name', '--remote-name-all')) return true;
  return command.redirects.some(
    ({ operator, descriptor, target }) =>
      /^>[>|]?$/.test(operator) && (descriptor ?? 1) === 1 && target !== null && !target.value.startsWith('/dev/'),
  );
}

function consumerOf({ command, script }: CommandUse): string | null {
  const pipeline = script?.pipelines[command.pipeline];
  if (!script || !pipeline || command.next !== '|') return null;
  const at = pipeline.members.findIndex((index) => script.commands[index] === command);
  const name = script.commands[pipeline.members[at + 1] ?? -1]?.name ?? '';
  return at >= 0 && CONSUMERS.has(name) ? name : null;
}

/** `-sSL` becomes `-fsSL`. */
function fixOf({ command, script }: CommandUse): FixInput | null {
  if (!script || !command.nameWord) return null;
  const title = 'Add -f';
  const cluster = command.flags.find(({ word }) => /^-[sSLkOgJN#]+o?$/.test(word.text))?.word;
  if (!cluster) return { title, edits: [insertAfter(command.nameWord, ' -f')] };
  const at = cluster.span.start + 1;
  return { title, edits: [{ span: { start: at, end: at }, text: 'f' }] };
}
