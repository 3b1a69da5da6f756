/** The text of a JavaScript or TypeScript file, read by its shape alone; offsets of all three are the same. */
export interface Module {
  /** Comments blanked. */
  readonly code: string;
  /** Comments and the content of strings blanked: what brackets and names are looked for in. */
  readonly bare: string;
}

/** Comments, and for `bare` strings too, as blanks of the same length. */
export function blank(text: string): Module {
  const pattern = /(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\1|`(?:\\[\s\S]|[^\\`])*`|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
  const hide = (found: string): string => found.replace(/[^\n]/g, ' ');
  const code = text.replace(pattern, (found) => (found.startsWith('/') ? hide(found) : found));
  const bare = text.replace(pattern, (found) =>
    found.startsWith('/') ? hide(found) : `${found[0]}${hide(found.slice(1, -1))}${found[0]}`,
  );
  return { code, bare };
}

export interface Expression {
  readonly text: string;
  readonly at: number;
}

/**
 * The value that a name is given where it is declared, as seen from the offset `at`; null where it is not declared in the
 * file, or assigned again.
 */
export function constantOf(name: string, { code, bare }: Module, at: number): Expression | null {
  const escaped = name.replaceAll('$', '\\$');
  const unpacked = environmentField(escaped, code);
  if (unpacked) return unpacked;
  const declared = new RegExp(`\\b(?:const|let|var)\\s+${escaped}\\s*(?::\\s*[\\w<>| ]+)?=(?!=)`, 'g');
  const declarations = [...bare.matchAll(declared)];
  const assignments = [...bare.matchAll(new RegExp(`(?<![.\\w$])${escaped}\\s*=(?![=>])`, 'g'))];
  const again = assignments.some(({ index }) => !declarations.some((one) => covers(one, index)));
  if (again) return null;
  const before = declarations.findLast((one) => one.index < at && encloses(bare, one.index, at));
  const chosen = before ?? declarations.find((one) => one.index > at && encloses(bare, 0, one.index, true));
  if (!chosen) return null;
  const start = chosen.index + chosen[0].length;
  return { text: code.slice(start, expressionEnd({ code, bare }, start)), at: chosen.index };
}

function covers(match: RegExpExecArray, index: number): boolean {
  return match.index <= index && index < match.index + match[0].length;
}

/** `const { PORT = 3000 } = process.env`. */
function environmentField(name: string, code: string): Expression | null {
  for (const match of code.matchAll(/\b(?:const|let|var)\s*\{([^{}]*)\}\s*=\s*process\.env\b(?![.[])/g)) {
    for (const field of (match[1] ?? '').split(',')) {
      const parts = new RegExp(`^\\s*(?:(\\w+)\\s*:\\s*)?${name}\\s*(?:=([^=][\\s\\S]*))?$`).exec(field);
      if (!parts) continue;
      const variable = `process.env.${parts[1] ?? name}`;
      return { text: parts[2] === undefined ? variable : `${variable} ?? ${parts[2]}`, at: match.index };
    }
  }
  return null;
}

/** Whether the block in which `from` stands is still open at `to`; with `outermost`, that no block is open there. */
function encloses(bare: string, from: number, to: number, outermost = false): boolean {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const char = bare.charCodeAt(at);
    if (char === 123) depth++;
    else if (char === 125 && depth-- === 0) return false;
  }
  return !outermost || depth === 0;
}

/** The value of `app.set('name', value)` where the file has just one. */
export function settingOf(name: string, module: Module): string {
  const [only, more] = [...module.code.matchAll(new RegExp(`\\.set\\(\\s*['"]${name}['"]\\s*,`, 'g'))];
  if (!only || more) return '';
  return splitArguments(module, only.index + only[0].length)[0]?.text ?? '';
}

/** An expression ends at `;`, `,`, or a line end that leaves no bracket open and no operator waiting. */
function expressionEnd({ code, bare }: Module, start: number): number {
  let depth = 0;
  for (let at = start; at < Math.min(code.length, start + 2000); at++) {
    const char = bare[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && depth-- === 0) return at;
    else if (depth === 0 && (char === ';' || char === ',')) return at;
    else if (depth === 0 && char === '\n' && !/(?:\|\||\?\?|=|^)\s*$/.test(bare.slice(start, at))) {
      if (!/^\s*(?:\|\||\?\?)/.test(bare.slice(at, at + 40))) return at;
    }
  }
  return code.length;
}

/** The arguments of a call whose bracket opens before `start`, at most three of them. */
export function splitArguments(
  { code, bare }: Module,
  start: number,
): readonly { readonly text: string; readonly end: number }[] {
  const parts: { text: string; end: number }[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < Math.min(code.length, start + 4000); at++) {
    const char = bare[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (depth > 0 && ')]}'.includes(char)) depth--;
    else if (depth === 0 && (char === ',' || char === ')')) {
      parts.push({ text: code.slice(from, at), end: from + code.slice(from, at).trimEnd().length });
      from = at + 1;
      if (char === ')' || parts.length === 3) break;
    }
  }
  return parts.filter((part) => part.text.trim() !== '');
}

/** Without the brackets around it and a TypeScript assertion behind it. */
export function unwrap(text: string): string {
  let inner = text.trim().replace(/\s+as\s+\w+$/, '');
  for (let depth = 0; depth < 8 && inner.startsWith('(') && matching(inner) === inner.length - 1; depth++) {
    inner = inner
      .slice(1, -1)
      .trim()
      .replace(/\s+as\s+\w+$/, '');
  }
  return inner;
}

function matching(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

/** Splits at a separator of one or two characters that stands outside all brackets and strings. */
export function splitTop(text: string, separator: RegExp): readonly string[] {
  const { bare } = blank(text);
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = bare[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    const found = depth === 0 ? separator.exec(bare.slice(at, at + 2)) : null;
    if (!found) continue;
    parts.push(text.slice(start, at));
    at += found[0].length - 1;
    start = at + 1;
  }
  return [...parts, text.slice(start)];
}
