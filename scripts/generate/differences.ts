import type { Difference } from '../hadolint/differences.js';

/** The list of the differences from hadolint, for docs/hadolint.md. */
export function differenceList(differences: readonly Difference[]): string {
  return differences
    .map(({ title, reason, codes }) => `- ${codes.join(', ')}: ${sentence(title)} ${sentence(reason)}`)
    .join('\n');
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
