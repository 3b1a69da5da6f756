import type { Paint, RenderEnv } from '../reporters/types.js';
import { PLAIN } from '../reporters/types.js';
import type { Io } from './io.js';

/** What decides over the look of a report. */
export interface LookArgs {
  /** `--color`, `--no-color`; null: neither. */
  readonly color: boolean | null;
  readonly quiet: boolean;
}

/** How standard output is written to. chalk is loaded only for colours. */
export async function renderEnv(args: LookArgs, io: Io): Promise<RenderEnv> {
  const isTty = io.stdout.isTty;
  const color = wantsColor(args.color, io.env, isTty);
  const paint: Paint = color ? (await import('./paint.js')).paint : PLAIN.paint;
  return {
    width: io.stdout.columns ?? PLAIN.width,
    wrap: io.stdout.columns !== null,
    unicode: !isTty || hasUnicode(io),
    hyperlinks: color && isTty && hasHyperlinks(io.env),
    quiet: args.quiet,
    paint,
  };
}

/** For a report that goes into a file. */
export function fileEnv(args: LookArgs): RenderEnv {
  return { ...PLAIN, quiet: args.quiet };
}

type Env = Io['env'];

/** The flag wins, then FORCE_COLOR, then NO_COLOR (https://no-color.org), then what the output is. */
function wantsColor(flag: boolean | null, env: Env, isTty: boolean): boolean {
  if (flag !== null) return flag;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env.NO_COLOR) return false;
  return isTty && env.TERM !== 'dumb';
}

function hasUnicode({ env, isWindows }: Io): boolean {
  if (isWindows) return Boolean(env.WT_SESSION || env.TERM_PROGRAM);
  if (env.TERM === 'linux') return false;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return locale === '' || /utf-?8/i.test(locale);
}

/** Terminals known to open OSC 8 links; the others would at worst print the address. */
function hasHyperlinks(env: Env): boolean {
  if (env.FORCE_HYPERLINK !== undefined) return env.FORCE_HYPERLINK !== '0';
  if (env.CI || /^(?:screen|tmux)/.test(env.TERM ?? '')) return false;
  if (/^(?:iTerm\.app|WezTerm|vscode|ghostty|Hyper|rio)$/.test(env.TERM_PROGRAM ?? '')) return true;
  if (/^(?:xterm-kitty|xterm-ghostty|alacritty|foot)/.test(env.TERM ?? '')) return true;
  return Boolean(env.WT_SESSION || env.DOMTERM || env.KONSOLE_VERSION) || Number(env.VTE_VERSION ?? 0) >= 5000;
}
