import type { Severity } from '../model/finding.js';
import type { Report } from '../model/report.js';

/** What a piece of text is, so that a terminal can colour it; reporters know no colours. */
export type Style = Severity | 'message' | 'gutter' | 'related' | 'place' | 'good';

/** Returns the text with the terminal's codes for the style around it. */
export type Paint = (style: Style, text: string) => string;

/** What a reporter needs to know of where its text goes. */
export interface RenderEnv {
  /** Columns that a line of a frame may take. */
  readonly width: number;
  /** True where a headline too long for a line is broken at a blank: on a terminal, but not in a file that is searched. */
  readonly wrap: boolean;
  /** False: only ASCII is sure to be shown. Text from files is left as it is all the same. */
  readonly unicode: boolean;
  /** True where the terminal understands OSC 8 links. */
  readonly hyperlinks: boolean;
  /** No summary, and nothing at all where there are no findings. */
  readonly quiet: boolean;
  readonly paint: Paint;
}

/** Pure: neither prints nor reads anything. The text ends in a line feed or is empty. */
export type Reporter = (report: Report, env: RenderEnv) => string;

/** A file or a pipe: no colours, no links, 120 columns. */
export const PLAIN: RenderEnv = {
  width: 120,
  wrap: false,
  unicode: true,
  hyperlinks: false,
  quiet: false,
  paint: (_style, text) => text,
};
