/**
 * Shows how the shell layer reads a command, for whoever writes a rule about it.
 *
 *     npm run commands -- 'apk -q add -U curl'
 */
import { parseScript } from '../src/shell/parse.js';

const text = process.argv.slice(2).join(' ');
if (text === '') {
  console.error("usage: npm run commands -- 'apk -q add -U curl'");
  process.exitCode = 2;
}
for (const command of parseScript({ text, offset: 0 }, 'bash', { joined: true }).commands) {
  console.log(`${command.name || '(no name)'}`);
  console.log(`  tool        ${command.tool ?? '(no table: flags are split by their looks)'}`);
  console.log(`  subcommand  ${command.subcommand === null ? '(none)' : JSON.stringify(command.subcommand)}`);
  for (const { name, value, unknown } of command.flags) {
    console.log(
      `  flag        ${name}${value === null ? '' : ` = ${JSON.stringify(value)}`}${unknown ? '  (unknown)' : ''}`,
    );
  }
  for (const { value, literal } of command.operands) {
    console.log(`  operand     ${JSON.stringify(value)}${literal ? '' : '  (not literal)'}`);
  }
  const more = [
    ...command.wrappers.map((wrapper) => `inside ${wrapper.name}`),
    ...command.nesting.map((nesting) => `in ${nesting}`),
    ...(command.conditional ? ['conditional'] : []),
    ...(command.next ? [`then ${command.next}`] : []),
  ];
  if (more.length > 0) console.log(`  ${more.join(', ')}`);
}
