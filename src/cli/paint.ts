import { Chalk } from 'chalk';
import type { Paint, Style } from '../reporters/types.js';

// Whether to colour was decided by the caller; the sixteen colours of every terminal follow its theme.
const chalk = new Chalk({ level: 1 });

const COLOURS = {
  error: chalk.bold.red,
  warning: chalk.bold.yellow,
  info: chalk.bold.cyan,
  style: chalk.bold.magenta,
  message: chalk.bold,
  gutter: chalk.blue,
  related: chalk.blue,
  place: chalk.bold,
  good: chalk.green,
} satisfies Record<Style, (text: string) => string>;

export const paint: Paint = (style, text) => COLOURS[style](text);
