import { suggest } from '../../dockerfile/suggest.js';
import { isSignalName, SIGNALS } from '../../facts/signals.js';
import { shorten } from '../../model/shorten.js';
import { defineRule } from '../define-rule.js';

/** STOPSIGNAL is what asks a program to end in order: it has to exist, and the program has to be able to hear it. */
export default defineRule({
  id: 'runtime/stop-signal',
  summary: 'Give STOPSIGNAL a signal that the program can handle',
  category: 'runtime',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    unknown: ({ signal, meant }: { signal: string; meant: string | null }) => ({
      message: `there is no signal \`${signal}\`: the build stops here`,
      help: meant === null ? 'write STOPSIGNAL SIGTERM, or leave it out' : `did you mean \`${meant}\`?`,
    }),
    noNumber: ({ signal }: { signal: string }) => ({
      message: `no signal has the number ${signal}: \`docker stop\` cannot send it and can only kill the container`,
      help: 'write STOPSIGNAL SIGTERM, or leave it out',
    }),
    kill: ({ signal }: { signal: string }) => ({
      message: `no program can handle \`${signal}\`: \`docker stop\` ends it at once, in the midst of requests and writes`,
      help: 'write STOPSIGNAL SIGTERM, or leave it out; after the delay it is killed in any case',
    }),
    stop: ({ signal }: { signal: string }) => ({
      message: `\`${signal}\` only halts a program: \`docker stop\` waits 10 seconds for nothing and then kills it`,
      help: 'write STOPSIGNAL SIGTERM, or leave it out',
    }),
  },
  check({ facts, report }) {
    for (const instruction of facts.instructions('STOPSIGNAL')) {
      const [word, more] = instruction.words;
      if (!word || more || instruction.onbuild) continue;
      const expanded = facts.expand(word, instruction);
      if (!expanded.ok || !expanded.value) continue;
      const signal = expanded.value;
      const data = { signal: shorten(signal) };
      const isWritten = signal === word.text;
      const fix = (text: string) => (isWritten ? { title: `Write ${text}`, edits: [{ span: word.span, text }] } : null);
      if (/^[+-]?\d+$/.test(signal)) {
        const number = Number(signal);
        if (number === 0) report('unknown', { at: word.span, data: { ...data, meant: null } });
        else if (number < 0 || number > 64) report('noNumber', { at: word.span, data, severity: 'warning' });
        else if (number === 9 || number === 19)
          report(number === 9 ? 'kill' : 'stop', { at: word.span, data, severity: 'warning', fix: fix('SIGTERM') });
      } else if (!isSignalName(signal)) {
        const near = suggest(signal.replace(/^sig/i, ''), SIGNALS);
        const meant = near === null ? null : `SIG${near}`;
        report('unknown', { at: word.span, data: { ...data, meant }, fix: meant === null ? null : fix(meant) });
      } else if (/^(?:SIG)?(?:KILL|STOP)$/i.test(signal)) {
        const message = /KILL$/i.test(signal) ? 'kill' : 'stop';
        report(message, { at: word.span, data, severity: 'warning', fix: fix('SIGTERM') });
      }
    }
  },
});
