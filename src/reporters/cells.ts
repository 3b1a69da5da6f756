import { visible } from './visible.js';

/** What a person sees as one character, with the columns that a terminal gives it. */
export interface Cell {
  /** Text to print; tabs and controls already replaced. */
  readonly text: string;
  readonly width: number;
  /** Where it begins and ends in the file. */
  readonly start: number;
  readonly end: number;
}

const TAB = 4;

/** Cuts text into cells; `offset` is where the text begins in its file. Tab stops count from the text's begin. */
export function cellsOf(text: string, offset: number, unicode: boolean): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  let at = offset;
  for (const cluster of clusters(text)) {
    const shown = cluster === '\t' ? ' '.repeat(TAB - (column % TAB)) : visible(cluster, unicode);
    const width = shown === cluster ? clusterWidth(cluster) : shown.length;
    cells.push({ text: shown, width, start: at, end: at + cluster.length });
    column += width;
    at += cluster.length;
  }
  return cells;
}

/** Columns of text without controls. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const cluster of clusters(text)) width += clusterWidth(cluster);
  return width;
}

const ASCII = /^[\u0000-\u007f]*$/;

let segmenter: Intl.Segmenter | null = null;

function* clusters(text: string): Iterable<string> {
  if (ASCII.test(text)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

const NO_WIDTH = /^[\p{Mark}\u200c\u200d]/u;
const EMOJI = /^\p{Emoji_Presentation}|\ufe0f/u;

function clusterWidth(cluster: string): number {
  const code = cluster.codePointAt(0) ?? 0;
  if (code < 0x300) return cluster.includes('\ufe0f') ? 2 : 1;
  if (NO_WIDTH.test(cluster)) return 0;
  return isWide(code) || EMOJI.test(cluster) ? 2 : 1;
}

/** Blocks whose East_Asian_Width is W or F (https://www.unicode.org/reports/tr11/), emoji aside. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  return WIDE.some(([first, last]) => code >= first && code <= last);
}
