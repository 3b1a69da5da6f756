import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CaseSettings } from './lint-one.js';

export const FIXTURES = 'test/fixtures/rules';

/** One folder of `test/fixtures/rules/<family>/<rule>/`; the folder is the build context. */
export interface FixtureCase {
  readonly rule: string;
  /** `bad-...` must fire, `ok-...` must stay silent. */
  readonly name: string;
  readonly directory: string;
  readonly settings: CaseSettings;
  /** The build context: path to content, without the harness's own files. */
  readonly files: Readonly<Record<string, string>>;
}

/** Every case of every rule, sorted by rule and name. */
export function readCases(): readonly FixtureCase[] {
  return directories(FIXTURES).flatMap((family) =>
    directories(join(FIXTURES, family)).flatMap((rule) =>
      directories(join(FIXTURES, family, rule)).map((name) => readCase(`${family}/${rule}`, name)),
    ),
  );
}

function readCase(rule: string, name: string): FixtureCase {
  const directory = join(FIXTURES, rule, name);
  const settingsPath = join(directory, 'case.json');
  const settings: CaseSettings = existsSync(settingsPath) ? JSON.parse(readFileSync(settingsPath, 'utf8')) : {};
  const files: Record<string, string> = { ...settings.files };
  for (const path of filesBelow(directory)) {
    const local = relative(directory, path);
    if (!isHarnessFile(local)) files[local] = readFileSync(path, 'utf8');
  }
  return { rule, name, directory, settings, files };
}

/** `case.json`, `expected.txt` and the recorded results of fixes are not part of the context. */
function isHarnessFile(path: string): boolean {
  return path === 'case.json' || path === 'expected.txt' || path.startsWith('fixed.');
}

function directories(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => statSync(join(path, name)).isDirectory())
    .sort();
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(directory, entry.name)) : [join(directory, entry.name)]))
    .sort();
}
