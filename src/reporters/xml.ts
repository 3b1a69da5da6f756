import { visible } from './visible.js';

/** The first line of a document. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Text for an attribute or an element: what XML forbids is shown, line feeds and tabs too; the rest is escaped. */
export function xmlText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A tag's name with its attributes, those that are null left out; neither bracket. */
export function xmlTag(name: string, attributes: Readonly<Record<string, string | number | null>>): string {
  let tag = name;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null) tag += ` ${key}="${xmlText(String(value))}"`;
  }
  return tag;
}
