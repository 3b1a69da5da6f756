import type { Finding } from '../model/finding.js';

/** What is wrong and what to do, where a format has one text for both. */
export function sentenceOf({ message, help }: Finding): string {
  return help ? `${message}. ${help}` : message;
}
