import { lateVariables } from '../../facts/public-variables.js';
import { defineRule } from '../define-rule.js';

/** A build writes the values into the files for browsers; what the container's environment says later reaches none of them. */
export default defineRule({
  id: 'node/public-env',
  summary: 'Give variables for browsers to the build, not to the container',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    late: ({ name, build }: { name: string; build: string }) => ({
      message: `${name} is set after \`${build}\` has written the files for browsers: they hold no value of it`,
      help: `set it before \`${build}\`: \`ENV ${name}=<value>\`, or \`ARG ${name}\` for --build-arg`,
    }),
    server: ({ name, build, prefix }: { name: string; build: string; prefix: string }) => ({
      message: `${name} is set after \`${build}\`, which did not know it: code on the server reads it, browsers get no value`,
      help: `where browsers need it, declare \`ARG ${name}\` before \`${build}\`; else give it a name without ${prefix}`,
    }),
  },
  check({ facts, report }) {
    if (facts.target?.isDevelopment) return;
    for (const { name, span, build, serverPrefix } of lateVariables(facts)) {
      const text = build.command.words
        .map(({ value }) => value)
        .join(' ')
        .slice(0, 40);
      const related = [{ at: build.command.span, message: 'the build' }];
      if (serverPrefix === null) report('late', { at: span, data: { name, build: text }, related });
      else report('server', { at: span, data: { name, build: text, prefix: serverPrefix }, related, severity: 'info' });
    }
  },
});
