import { defineRule } from '../define-rule.js';

/** Deno gives a program nothing unless it is told to; with -A every dependency may read, send and run what it likes. */
export default defineRule({
  id: 'node/deno-permissions',
  summary: 'Name the permissions that a Deno program needs',
  category: 'security',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  messages: {
    all: ({ flag }: { flag: string }) => ({
      message: `\`${flag}\` lets the program, and every package it imports, read any file, reach any host and start any program`,
      help: 'name what it needs, such as `--allow-net --allow-env --allow-read=/app`',
    }),
  },
  check({ facts, report }) {
    const { target } = facts;
    if (!target || target.isDevelopment) return;
    for (const start of [target.entrypoint, target.cmd]) {
      for (const { command } of start ? facts.commandsOf(start) : []) {
        if (command.name !== 'deno' || !/^(?:run|serve)$/.test(command.subcommand ?? 'run')) continue;
        // Behind the program stand its own arguments.
        const end = command.operands[0]?.span.start ?? command.span.end;
        const flag = command.flags.find(({ name, span }) => /^(?:-A|--allow-all)$/.test(name) && span.start < end);
        if (flag) report('all', { at: flag.span, data: { flag: flag.word.text.replace(/["']/g, '') } });
      }
    }
  },
});
