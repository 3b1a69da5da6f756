/**
 * Lays out a new rule: its file, its page and one folder of cases for each polarity.
 *
 *     npm run new-rule -- family/name "What to do, as an imperative"
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const [id = '', summary = 'Say what to do'] = process.argv.slice(2);

if (!/^[a-z][a-z0-9]*\/[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id)) {
  console.error('usage: npm run new-rule -- family/name "What to do, as an imperative"   (kebab case)');
  process.exit(2);
}
if (existsSync(new URL(`src/rules/${id}.ts`, root))) {
  console.error(`src/rules/${id}.ts is there already`);
  process.exit(2);
}

emit(
  `src/rules/${id}.ts`,
  `import { defineRule } from '../define-rule.js';

/** Why it matters, in a sentence. */
export default defineRule({
  id: '${id}',
  summary: '${summary.replaceAll("'", "\\'")}',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended'],
  since: '0.1.0',
  messages: {
    found: (data: { word: string }) => ({
      message: \`\${data.word} does something that costs this\`,
      help: 'write that instead',
    }),
  },
  check({ facts, report }) {
    for (const { command } of facts.commands('some-tool')) {
      report('found', { at: command.span, data: { word: command.name } });
    }
  },
});
`,
);
emit(
  `docs/rules/${id}.md`,
  `# ${id}

## Why

The consequence that a person cares about, with a link to where it is said.

## Bad

\`\`\`dockerfile bad
FROM debian:13
RUN some-tool
\`\`\`

## Good

\`\`\`dockerfile ok
FROM debian:13
RUN another-tool
\`\`\`

## When it stays silent

Where it cannot be sure, and where the pattern is right.
`,
);
emit(`test/fixtures/rules/${id}/bad-plain/Dockerfile`, 'FROM debian:13\nRUN some-tool\n');
emit(`test/fixtures/rules/${id}/ok-plain/Dockerfile`, 'FROM debian:13\nRUN another-tool\n');
console.log(`
next:
  1. write the rule, its page and its cases (as many ok-... as bad-... folders)
  2. npm run generate
  3. UPDATE=1 npx vitest run test/rules.test.ts   and read what it recorded in expected.txt
  4. npm run check`);

function emit(path: string, content: string): void {
  const target = fileURLToPath(new URL(path, root));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  console.log(`wrote ${path}`);
}
