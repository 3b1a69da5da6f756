import type { Difference } from '../hadolint/differences.js';

const BEGIN = '<!-- generated from scripts/hadolint/differences; run `npm run generate` -->';
const END = '<!-- end of what is generated -->';

/** Puts the list of the differences from hadolint between the marks of a page. */
export function withDifferences(page: string, differences: readonly Difference[]): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END, begin);
  if (begin === -1 || end === -1) throw new Error(`the page has no ${begin === -1 ? BEGIN : END}`);
  const items = differences.map(
    ({ title, reason, codes }) => `- ${codes.join(', ')}: ${sentence(title)} ${sentence(reason)}\n`,
  );
  return `${page.slice(0, begin)}${BEGIN}\n${items.length > 0 ? items.join('') : 'None.\n'}${page.slice(end)}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
