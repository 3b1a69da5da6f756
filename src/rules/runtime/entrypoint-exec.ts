import { INITS } from '../../facts/entrypoint-role.js';
import { mayHaveChanged, startedScripts } from '../../facts/started-scripts.js';
import { shorten } from '../../model/shorten.js';
import { parseScript } from '../../shell/parse.js';
import type { Command } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** A shell that waits for a program passes no signal on to it. */
export default defineRule({
  id: 'runtime/entrypoint-exec',
  summary: 'End entrypoint scripts with `exec`, so that the program gets the signals',
  category: 'runtime',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    stays: ({ path, program, text }: { path: string; program: string; text: string }) => ({
      message: `no signal reaches ${program}: the shell of ${path} waits for it and passes none on, so \`docker stop\` kills it after 10 seconds`,
      help: `write \`${text}\` at the end of ${path}`,
    }),
  },
  check({ facts, report }) {
    for (const { use, word, file } of startedScripts(facts)) {
      const { keyword } = use.instruction;
      if (keyword !== 'ENTRYPOINT' && keyword !== 'CMD') continue;
      if (use.command.wrappers.some(({ name }) => INITS.has(name))) continue;
      const source = facts.context?.read(file.path);
      // What is no script of a shell is none of ours.
      if (!source || !/^(?:#![ \t]*\S*(?:\/|env[ \t]+)(?:ba|da|a)?sh\b|[^#\s]|#[^!])/.test(source.text)) continue;
      if (!source.text.startsWith('#!') && !/\.(?:ba|da)?sh$/.test(file.path)) continue;
      const dialect = /^#!.*\bbash\b/.test(source.text) ? 'bash' : 'sh';
      const { commands, errors } = parseScript({ text: source.text, offset: 0 }, dialect, { joined: false });
      const last = commands.at(-1);
      if (!last || errors.length > 0 || !isLongRunning(last) || !isAlone(last) || commands.some(isHandler)) continue;
      if (mayHaveChanged(file, facts, ({ name }) => name === 'chmod')) continue;
      const start = last.wrappers[0]?.span.start ?? last.nameWord?.span.start ?? last.span.start;
      const text =
        `${source.text.slice(last.span.start, start)}exec ${source.text.slice(start, last.span.end)}`.replace(
          /\s+/g,
          ' ',
        );
      report('stays', {
        at: word.span,
        data: { path: file.path, program: nameOf(last), text: shorten(text, 90) },
        related: [{ at: { file: source, span: last.span }, message: 'runs as a child of the shell' }],
        fix: {
          title: `Put exec before the last command of ${file.path}`,
          edits: [{ file: source, span: { start, end: start }, text: 'exec ' }],
        },
      });
      return;
    }
  },
});

const SERVERS =
  /^(?:node|nodemon|python3?|gunicorn|uvicorn|hypercorn|daphne|uwsgi|celery|flask|java|nginx|httpd|apache2-foreground|php-fpm|caddy|dotnet|deno|bun|npm|yarn|pnpm|puma|unicorn|rails|supervisord|pm2-runtime|next|redis-server|postgres|mysqld)$/;

/** Commands of such programs that come to an end. */
const TASKS =
  /^(?:migrate|makemigrations|collectstatic|db|db:.+|upgrade|runner|seed|ef|-[cevVt]|--version|--eval|-p|install|ci|build|test|lint)$/;

function isLongRunning({ name, nameWord, words }: Command): boolean {
  if (/^"?\$(?:@|\{@\})"?$/.test(nameWord?.text ?? '')) return true;
  return SERVERS.test(name) && words.length > 1 && !words.some(({ value }) => TASKS.test(value));
}

/** The words that CMD gives are named as such. */
function nameOf({ name, nameWord }: Command): string {
  return name === '' ? `the command in ${nameWord?.text ?? '"$@"'}` : `\`${name}\``;
}

function isAlone({ nesting, conditional, previous, next, wrappers, redirects }: Command): boolean {
  if (nesting.length > 0 || conditional || next !== null || previous === '|' || previous === '|&') return false;
  if (redirects.some(({ operator }) => operator.startsWith('<') || operator.startsWith('>('))) return false;
  return wrappers.every(({ name }) => /^(?:env|gosu|su-exec|setpriv|nice)$/.test(name));
}

/** The script passes signals on by itself, or waits for what it started before. */
function isHandler({ name, next }: Command): boolean {
  return name === 'trap' || name === 'wait' || next === '&';
}
