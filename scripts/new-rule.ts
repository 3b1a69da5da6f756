/**
 * Lays out a new rule: its file, its page and one folder of cases for each polarity.
 *
 *     npm run new-rule -- family/name "What to do, as an imperative" [command|instruction|context]
 *
 * The last word picks what the rule reads first: shell commands (the default), instructions, or the build context.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VERSION } from '../src/model/version.js';
import { EXAMPLES } from './generate/rule-examples.js';

const root = new URL('../', import.meta.url);
const [id = '', summary = 'Say what to do', reads = 'command'] = process.argv.slice(2);
const example = EXAMPLES[reads];

if (!/^[a-z][a-z0-9]*\/[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(id)) {
  console.error('usage: npm run new-rule -- family/name "What to do, as an imperative" [command|instruction|context]');
  process.exit(2);
}
if (!example) {
  console.error(`a rule reads one of these first: ${Object.keys(EXAMPLES).join(', ')}`);
  process.exit(2);
}
if (existsSync(new URL(`src/rules/${id}.ts`, root))) {
  console.error(`src/rules/${id}.ts is there already`);
  process.exit(2);
}

const fence = '```';
emit(
  `src/rules/${id}.ts`,
  `${example.imports}

/** Why it matters, in a sentence. */
export default defineRule({
  id: '${id}',
  summary: '${summary.replaceAll("'", "\\'")}',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '${VERSION}',
  messages: {
    found: ({ word }: { word: string }) => ({
      message: \`\\\`\${word}\\\` does something that costs this\`,
      help: 'write that instead',
    }),
  },
  check({ facts, report }) {
${example.check}
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

${example.badFiles.map((path) => `${fence}text file=${path}\nsome text\n${fence}\n\n`).join('')}${fence}dockerfile bad
${example.bad}${fence}

## Good

${fence}dockerfile ok
${example.ok}${fence}

## When it stays silent

Where it cannot be sure, and where the pattern is right.
`,
);
emit(`test/fixtures/rules/${id}/bad-plain/Dockerfile`, example.bad);
emit(`test/fixtures/rules/${id}/ok-plain/Dockerfile`, example.ok);
for (const path of example.badFiles) emit(`test/fixtures/rules/${id}/bad-plain/${path}`, 'some text\n');
console.log(`
next:
  1. write the rule, its page and its cases (as many ok-... as bad-... folders)
  2. npm run generate
  3. UPDATE=1 npx vitest run test/rules.test.ts -t '${id}'   and read what it recorded in expected.txt and fixed.*
  4. npm run check`);

function emit(path: string, content: string): void {
  const target = fileURLToPath(new URL(path, root));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  console.log(`wrote ${path}`);
}
