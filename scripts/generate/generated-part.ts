const END = '<!-- end of what is generated -->';

/**
 * A page of docs/ with its generated part made new.
 *
 * @param origin what the part is generated from, as its first mark names it
 * @throws where the page has no such marks
 */
export function withGeneratedPart(page: string, origin: string, part: string): string {
  const begin = `<!-- generated from ${origin}; run \`npm run generate\` -->`;
  const start = page.indexOf(begin);
  const end = page.indexOf(END, start);
  if (start === -1 || end === -1) throw new Error(`the page has no ${start === -1 ? begin : END}`);
  return `${page.slice(0, start)}${begin}\n${part.trimEnd()}\n${page.slice(end)}`;
}
