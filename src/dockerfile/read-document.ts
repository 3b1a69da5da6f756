import { createSource } from '../model/source.js';
import type { Document } from './ast.js';
import type { Decoded } from './decode.js';
import { parse } from './parse.js';

/** The document of decoded bytes, what is wrong with their encoding among its problems; empty for what is no text. */
export function readDocument({ source, problem, isText }: Decoded): Document {
  if (!isText && problem) return { ...parse(createSource(source.path, '')), source, problems: [problem] };
  const document = parse(source);
  if (!problem) return document;
  return { ...document, problems: [...document.problems, problem].sort((a, b) => a.span.start - b.span.start) };
}
