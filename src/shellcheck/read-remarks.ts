import type { Severity } from '../model/finding.js';
import type { Remark, Replacement } from './types.js';

/** A remark with the file that it is about, as named to the program. */
export interface FileRemark {
  readonly file: string;
  readonly remark: Remark;
}

/**
 * Reads the answer of an engine: `json1` is the program's format of that name, `wasm` the list of the npm package. Null
 * where it is neither, since what comes from outside may be anything.
 */
export function readRemarks(text: string, format: 'json1' | 'wasm'): readonly FileRemark[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const list = format === 'json1' && isRecord(value) ? value.comments : value;
  if (!Array.isArray(list)) return null;
  const found: FileRemark[] = [];
  for (const item of list) {
    const remark = toRemark(item);
    if (remark === null || !isRecord(item) || typeof item.file !== 'string') return null;
    found.push({ file: item.file, remark });
  }
  return found;
}

/** One remark of either format, or as it is kept in the cache; null where it is none. */
export function toRemark(value: unknown): Remark | null {
  if (!isRecord(value)) return null;
  const { line, column, endLine = line, endColumn = column, code, message } = value;
  const level = value.level ?? value.severity;
  if (!isCount(line) || !isCount(column) || !isCount(endLine) || !isCount(endColumn) || !isCount(code)) return null;
  if (typeof message !== 'string' || !isLevel(level)) return null;
  const fix = fixOf(value.fix);
  return fix === undefined ? null : { line, column, endLine, endColumn, code, level, message, fix };
}

function fixOf(value: unknown): readonly Replacement[] | null | undefined {
  if (value === null || value === undefined) return null;
  const list = Array.isArray(value) ? value : isRecord(value) ? value.replacements : undefined;
  if (!Array.isArray(list)) return undefined;
  const found: Replacement[] = [];
  for (const item of list) {
    if (!isRecord(item)) return undefined;
    const line = item.line ?? item.startLine;
    const column = item.column ?? item.startColumn;
    const text = item.replacement ?? item.text;
    const { endLine, endColumn } = item;
    if (!isCount(line) || !isCount(column) || !isCount(endLine) || !isCount(endColumn)) return undefined;
    if (typeof text !== 'string') return undefined;
    found.push({ line, column, endLine, endColumn, text });
  }
  return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isLevel(value: unknown): value is Severity {
  return value === 'error' || value === 'warning' || value === 'info' || value === 'style';
}
