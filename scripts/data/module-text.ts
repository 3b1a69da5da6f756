/** A module that exports a table as JSON text, one entry a line so that a change can be reviewed. */
export function moduleText(input: { name: string; header: readonly string[]; json: string }): string {
  // String.raw keeps the backslashes of regular expressions single; these two would end or interrupt it.
  if (input.json.includes('`') || input.json.includes('${')) throw new Error(`${input.name} does not fit String.raw`);
  const header = input.header.map((line) => ` * ${line}`.trimEnd());
  return `/**\n${header.join('\n')}\n */\nexport const ${input.name} = String.raw\`${input.json}\`;\n`;
}
