import { type Expression, encloses, expressionEnd, type Module, objectFields, splitArguments } from './module-text.js';

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

/** The value of `app.set('name', value)` where the file has just one. */
export function settingOf(name: string, module: Module): string {
  const [only, more] = [...module.code.matchAll(new RegExp(`\\.set\\(\\s*['"]${name}['"]\\s*,`, 'g'))];
  if (!only || more) return '';
  return splitArguments(module, only.index + only[0].length)[0]?.text ?? '';
}

/** Where a name of a file comes from. */
export interface Import {
  /** As the file calls it: `./config`. */
  readonly from: string;
  /** The name there; `default` for the module's own value. */
  readonly name: string;
}

/** A name that the file takes from a file beside it; null where it does not. */
export function importOf(name: string, { code }: Module): Import | null {
  const escaped = name.replaceAll('$', '\\$');
  const whole =
    new RegExp(`\\bimport\\s+${escaped}\\s*(?:,[^;'"]*)?from\\s*(['"])(\\.[^'"]+)\\1`).exec(code) ??
    new RegExp(
      `\\b(?:const|let|var)\\s+${escaped}\\s*=\\s*require\\(\\s*(['"])(\\.[^'"]+)\\1\\s*\\)(?!\\s*[.([])`,
    ).exec(code);
  if (whole?.[2]) return { from: whole[2], name: 'default' };
  const lists =
    /(?:\bimport\s*(?:\w+\s*,\s*)?|\b(?:const|let|var)\s*)\{([^{}]*)\}\s*(?:from\s*|=\s*require\(\s*)(['"])(\.[^'"]+)\2/g;
  for (const [, list = '', , from = ''] of code.matchAll(lists)) {
    for (const field of list.split(',')) {
      const [there, here] = field.trim().split(/\s+as\s+|\s*:\s*/);
      if (there && (here ?? there) === name) return { from, name: there };
    }
  }
  return null;
}

/** What a file gives others under a name; null where that is not seen. */
export function exportOf(name: string, module: Module): Expression | null {
  const { code, bare } = module;
  const own = /(?:\bmodule\.exports\s*=(?!=)|\bexport\s+default\b|\bexport\s*=)/g;
  const [whole, more] = [...bare.matchAll(own)];
  const value = whole && !more ? expressionAt(whole.index + whole[0].length, module) : null;
  if (name === 'default') return value;
  const declared = new RegExp(`\\bexport\\s+(?:const|let|var)\\s+${name}\\b`).test(bare)
    ? constantOf(name, module, code.length)
    : null;
  if (declared) return declared;
  const [assigned, again] = [...bare.matchAll(new RegExp(`(?:\\bmodule\\.)?\\bexports\\.${name}\\s*=(?!=)`, 'g'))];
  if (assigned && !again) return expressionAt(assigned.index + assigned[0].length, module);
  const field = value && objectFields(value.text)?.get(name);
  return value && typeof field === 'string' ? { text: field, at: value.at } : null;
}

function expressionAt(start: number, module: Module): Expression {
  return { text: module.code.slice(start, expressionEnd(module, start)), at: start };
}

/** What the object is declared as whose method is called at an offset: `app.listen`; null where that is not seen. */
export function receiverOf(module: Module, at: number): string | null {
  const before = module.bare.slice(Math.max(0, at - 60), at);
  const name = /(?<![\w$.)\]])([A-Za-z_$][\w$]*)\s*$/.exec(before)?.[1];
  if (name === undefined) return null;
  return constantOf(name, module, at)?.text ?? null;
}

/** `const { port, host: bound = 'localhost' } = config`: the member that a name stands for, and what it is without that. */
export function unpackedOf(
  name: string,
  { code }: Module,
): { readonly member: string; readonly fallback: string | null } | null {
  for (const [, list = '', object = ''] of code.matchAll(
    /\b(?:const|let|var)\s*\{([^{}]*)\}\s*=\s*([A-Za-z_$][\w$]*)\s*(?=[;\n])/g,
  )) {
    for (const field of list.split(',')) {
      const parts = /^\s*(\w+)\s*(?::\s*(\w+)\s*)?(?:=([\s\S]*))?$/.exec(field);
      if (parts?.[1] && (parts[2] ?? parts[1]) === name)
        return { member: `${object}.${parts[1]}`, fallback: parts[3] ?? null };
    }
  }
  return null;
}
