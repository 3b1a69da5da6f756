import type { Node } from 'jsonc-parser';
import type { SourceFile } from '../model/source.js';
import { type JsonProblem, membersOf, parseJson, spanOf } from './json.js';
import type { Located, Manifest } from './types.js';

/**
 * Reads package.json. What cannot be read is left empty and told in `problems`; fields that the linter does not use are
 * not looked at. {@link https://docs.npmjs.com/cli/configuring-npm/package-json}
 */
export function readManifest(source: SourceFile): Manifest {
  const { root, problems: broken } = parseJson(source);
  const problems: JsonProblem[] = [...broken];
  if (root && root.type !== 'object' && problems.length === 0) {
    problems.push({ message: `should be an object, not ${nameOf(root)}`, span: spanOf(root) });
  }
  const members = membersOf(root);

  const wrong = (field: string, node: Node, wanted: string): null => {
    problems.push({ message: `\`${field}\` should be ${wanted}, not ${nameOf(node)}`, span: spanOf(node) });
    return null;
  };
  const text = (field: string): Located<string> | null => {
    const node = members.get(field);
    if (!node) return null;
    return node.type === 'string' ? located(node) : wrong(field, node, 'a string');
  };
  const table = (field: string): ReadonlyMap<string, Located<string>> => {
    const node = members.get(field);
    if (!node) return new Map();
    if (node.type !== 'object') {
      wrong(field, node, 'an object');
      return new Map();
    }
    const values = new Map<string, Located<string>>();
    for (const [name, value] of membersOf(node)) {
      if (value.type === 'string') values.set(name, located(value));
      else wrong(`${field}.${name}`, value, 'a string');
    }
    return values;
  };

  const name = text('name')?.value ?? null;
  return {
    source,
    name,
    main: text('main'),
    scripts: table('scripts'),
    dependencies: table('dependencies'),
    devDependencies: table('devDependencies'),
    optionalDependencies: table('optionalDependencies'),
    // npm itself takes a list of engines for nothing; it is an old form and no error.
    engines: members.get('engines')?.type === 'array' ? new Map() : table('engines'),
    packageManager: readPackageManager(text('packageManager')),
    workspaces: readWorkspaces(members.get('workspaces'), wrong),
    resolutions: strings(members.get('resolutions')),
    patchedDependencies: strings(
      members.get('patchedDependencies') ?? membersOf(members.get('pnpm')).get('patchedDependencies'),
    ),
    replaces:
      ['overrides', 'resolutions'].some((field) => members.has(field)) ||
      membersOf(members.get('pnpm')).has('overrides'),
    type: members.get('type')?.value === 'module' ? 'module' : 'commonjs',
    bin: readBin(members.get('bin'), name, wrong),
    problems: problems.sort((a, b) => a.span.start - b.span.start),
  };
}

type Wrong = (field: string, node: Node, wanted: string) => null;

function located(node: Node): Located<string> {
  return { value: String(node.value), span: spanOf(node) };
}

/** The members of an object that are text; other tools judge the rest. */
function strings(node: Node | undefined): ReadonlyMap<string, Located<string>> {
  const values = new Map<string, Located<string>>();
  for (const [name, value] of membersOf(node)) if (value.type === 'string') values.set(name, located(value));
  return values;
}

/** `pnpm@9.1.0+sha512.abc`: the hash is no part of the version. {@link https://github.com/nodejs/corepack#readme} */
function readPackageManager(text: Located<string> | null): Manifest['packageManager'] {
  if (!text) return null;
  const at = text.value.indexOf('@');
  const manager = at > 0 ? text.value.slice(0, at) : text.value;
  const version = at > 0 ? (text.value.slice(at + 1).split('+', 1)[0] ?? '') : '';
  return { ...text, manager, version: version === '' ? null : version };
}

/** A list of globs, or an object that has it under `packages`. */
function readWorkspaces(node: Node | undefined, wrong: Wrong): Located<string>[] {
  if (!node) return [];
  const list = node.type === 'object' ? membersOf(node).get('packages') : node;
  if (!list) return [];
  if (list.type !== 'array') {
    wrong(node.type === 'object' ? 'workspaces.packages' : 'workspaces', list, 'a list of globs');
    return [];
  }
  return (list.children ?? []).flatMap((child) =>
    child.type === 'string' ? [located(child)] : (wrong('workspaces', child, 'a list of strings') ?? []),
  );
}

/** One file, which takes the name of the package without its scope, or an object of names. */
function readBin(node: Node | undefined, name: string | null, wrong: Wrong): ReadonlyMap<string, string> {
  const bin = new Map<string, string>();
  if (!node) return bin;
  if (node.type === 'string') {
    if (name !== null) bin.set(name.slice(name.indexOf('/') + 1), String(node.value));
  } else if (node.type === 'object') {
    for (const [command, file] of membersOf(node)) if (file.type === 'string') bin.set(command, String(file.value));
  } else wrong('bin', node, 'a string or an object');
  return bin;
}

function nameOf(node: Node): string {
  return node.type === 'array' || node.type === 'object'
    ? `an ${node.type}`
    : node.type === 'null'
      ? 'null'
      : `a ${node.type}`;
}
