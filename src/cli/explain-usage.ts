import { didYouMean, nearest } from '../engine/rule-names.js';
import { OPTIONS_OF } from './options.js';

const COMMANDS = Object.keys(OPTIONS_OF) as (keyof typeof OPTIONS_OF)[];

/** yargs' words made ours, with a guess at what was meant. */
export function explainUsage(message: string, argv: readonly string[]): string {
  const unknown = /^Unknown arguments?: (.*)$/.exec(message);
  if (unknown?.[1] !== undefined) return unknownOption(unknown[1].split(', ')[0] ?? '', argv);
  const missing = /^Not enough arguments following: (.*)$/.exec(message);
  if (missing?.[1] !== undefined) return `${dashed(missing[1])} needs a value`;
  if (message.startsWith('Not enough non-option arguments')) return 'an argument is missing; see plimsoll --help';
  return message;
}

function unknownOption(name: string, argv: readonly string[]): string {
  const typed = argv.find((word) => new RegExp(`^--?(?:no-)?${escapeRegExp(name)}(?:=|$)`).test(word));
  const option = (typed ?? dashed(name)).replace(/=.*$/s, '');
  const bare = option.replace(/^-+/, '');
  const command = commandOf(argv);
  const isElsewhere = COMMANDS.some((other) => other !== command && optionsOf(other).includes(bare));
  if (isElsewhere) return `${command} takes no ${option}; see plimsoll --help`;
  const guess = nearest(bare, optionsOf(command));
  return `unknown option ${option}${didYouMean(guess === null ? null : `--${guess}`) || '; see plimsoll --help'}`;
}

/** The first word that names a command and is not the value of an option. */
function commandOf(argv: readonly string[]): keyof typeof OPTIONS_OF {
  const named = argv.find((word, at) => Object.hasOwn(OPTIONS_OF, word) && !argv[at - 1]?.startsWith('-'));
  return COMMANDS.find((name) => name === named) ?? 'lint';
}

function optionsOf(command: keyof typeof OPTIONS_OF): readonly string[] {
  const own = Object.keys(OPTIONS_OF[command]);
  const off = ['config', 'color'].filter((name) => own.includes(name)).map((name) => `no-${name}`);
  return [...own, ...off, 'help', 'version'];
}

function dashed(name: string): string {
  return `${name.length === 1 ? '-' : '--'}${name}`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
