import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fencesOf } from './support/docs-page.js';

/**
 * The README shows real commands with their real output: what stands behind `$ ` in its `console` fences is run, and what
 * follows must be what it prints. `UPDATE=1` prints what to write there.
 */
interface Shown {
  readonly command: string;
  /** Null where the fence shows none. */
  readonly output: string | null;
}

const readme = readFileSync('README.md', 'utf8');
const shown: readonly Shown[] = fencesOf(readme)
  .filter((fence) => fence.language === 'console')
  .map((fence) => {
    const [first = '', ...rest] = fence.content.split('\n');
    const output = rest.join('\n');
    return { command: first.replace(/^\$ /, ''), output: output.trim() === '' ? null : output };
  });

const isBuilt = existsSync('dist/cli.cjs');

describe.skipIf(!isBuilt)(isBuilt ? 'the README' : 'the README (skipped: run npm run build first)', () => {
  it('shows the main job, the tests and more', () => expect(shown.length).toBeGreaterThanOrEqual(4));

  const linted = shown.filter(({ command }) => command.includes('npx plimsoll'));
  it.each(linted.map((one) => [one.command, one] as const))('%s', (_, { command, output }) => {
    // The clone that runs these tests has been through `npm ci` already.
    const [name, ...args] = command
      .replace(/^npm ci && /, '')
      .replace(/^npx /, '')
      .split(' ');
    expect(name).toBe('plimsoll');
    const run = spawnSync(process.execPath, ['bin/plimsoll.js', ...args], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe(output);
  });

  const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
  const npm = shown.filter(({ command }) => /^npm (?:test$|run )/.test(command));
  it.each(npm.map((one) => [one.command]))('%s is a script', (command) => {
    expect(scripts).toHaveProperty(command.replace(/^npm (?:run )?/, ''));
  });
});

describe('what the README names is there', () => {
  const links = [...readme.matchAll(/\]\(((?!https?:)[^)]+)\)/g)].map((match) => match[1] ?? '');
  it.each(links)('%s', (path) => expect(existsSync(path)).toBe(true));

  it('every flag is one of the command line', () => {
    const help = [['--help'], ['context', '--help'], ['layers', '--help']]
      .map((argv) => spawnSync(process.execPath, ['bin/plimsoll.js', ...argv], { encoding: 'utf8' }).stdout)
      .join('');
    const flags = new Set([...readme.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map((match) => match[0]));
    // Those of npm.
    for (const flag of ['--save-dev', '--omit']) flags.delete(flag);
    expect([...flags].filter((flag) => isBuilt && !help.includes(flag) && flag !== '--version')).toEqual([]);
  });

  it('the configuration it shows is one that the loader takes', async () => {
    const yaml = fencesOf(readme).find((fence) => fence.language === 'yaml' && fence.content.startsWith('extends'));
    const { createMemoryFs } = await import('../src/context/memory-fs.js');
    const { loadConfig } = await import('../src/config/load.js');
    const { rules } = await import('../src/rules/index.js');
    const fs = createMemoryFs({ '/project/.plimsoll.yaml': yaml?.content ?? '' });
    await expect(loadConfig(fs, '/project/.plimsoll.yaml', { rules, version: '0.1.0' })).resolves.toBeDefined();
  });
});
