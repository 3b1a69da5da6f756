import { CODES_MILD, CODES_OFF, CODES_QUIET } from '../../src/shellcheck/codes.js';

/** The table of ShellCheck's codes that are treated otherwise than ShellCheck does, for docs/shellcheck.md. */
export function codeTable(): string {
  const rows = [
    ...[...CODES_OFF].map(([code, reason]) => row(code, 'off', reason)),
    ...[...CODES_QUIET].map(([code, reason]) => row(code, 'off unless named', reason)),
    ...[...CODES_MILD].map(([code, { severity, reason }]) => row(code, severity, reason)),
  ];
  return ['| code | here | why |', '|---|---|---|', ...rows].join('\n');
}

function row(code: number, here: string, reason: string): string {
  return `| [SC${code}](https://www.shellcheck.net/wiki/SC${code}) | ${here} | ${reason} |`;
}
