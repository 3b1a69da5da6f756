import { THRESHOLDS } from '../config/types.js';
import { PRESETS } from '../engine/presets.js';
import { FORMATS } from '../reporters/index.js';
import { rules } from '../rules/index.js';
import { COMMAND_NAMES, LAYER_FORMATS } from './command.js';
import { SHELLCHECK_MODES } from './lint-args.js';
import { OPTIONS_OF } from './options.js';
import type { OptionTable } from './usage.js';

/** Words that fit where the cursor is; file names are the shell's own business. */
export function complete(current: string, argv: readonly string[]): string[] {
  // The program's own name, and all words up to the cursor.
  const typed = argv.slice(argv.findIndex((word) => word.startsWith('--get-yargs-completions')) + 1);
  const before = typed.at(-2) ?? '';
  const command = COMMAND_NAMES.find((name) => name === typed[1] && typed.length > 2) ?? 'lint';
  const fitting = (words: readonly string[]) => words.filter((word) => word.startsWith(current));
  if (command === 'explain' || /^--(?:only|ignore|rule)$/.test(before)) return fitting(rules.map((rule) => rule.id));
  if (/^(?:--format|-f)$/.test(before)) return fitting(typed[1] === 'layers' ? LAYER_FORMATS : FORMATS);
  if (/^(?:--threshold|-t)$/.test(before)) return fitting(THRESHOLDS);
  if (before === '--shellcheck') return fitting(SHELLCHECK_MODES);
  if (before === '--preset') return fitting(PRESETS);
  if (current.startsWith('-')) {
    const options: OptionTable = OPTIONS_OF[command];
    const shown = Object.keys(options).filter((name) => options[name]?.hidden !== true);
    return fitting(shown.map((name) => `--${name}`));
  }
  return typed.length <= 2 ? fitting(COMMAND_NAMES) : [];
}
