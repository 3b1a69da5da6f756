import { describe, expect, it } from 'vitest';
import { parse } from '../src/dockerfile/parse.js';
import { nameRules } from '../src/engine/rule-names.js';
import { applySuppressions, readSuppressions } from '../src/engine/suppressions.js';
import type { RuleSettings } from '../src/engine/types.js';
import type { Finding } from '../src/model/finding.js';
import { createSource, locate } from '../src/model/source.js';
import { defineRule } from '../src/rules/define-rule.js';
import unknownRule from '../src/rules/suppression/unknown-rule.js';
import unused from '../src/rules/suppression/unused.js';

const rules = [
  rule('base/require-tag', ['DL3006']),
  rule('context/copy-ignored', ['CopyIgnoredFile']),
  rule('runtime/exec-form', ['DL3025', 'JSONArgsRecommended']),
  rule('shell/no-sudo', ['DL3004']),
  rule('shell/pipefail', ['DL4006']),
  unknownRule,
  unused,
];

function rule(id: string, aliases: readonly string[]) {
  const base = {
    id,
    aliases,
    summary: id,
    category: 'style',
    severity: 'warning',
    presets: [],
    since: '0.1.0',
  } as const;
  return defineRule({ ...base, messages: {}, check() {} });
}

interface Options {
  /** Rules that are on; all by default. */
  readonly on?: readonly string[];
  readonly explicit?: readonly string[];
  readonly partial?: boolean;
  readonly unused?: Readonly<Record<string, unknown>>;
}

/**
 * Lints with rules that speak at marks: `@sudo` makes a finding of shell/no-sudo at that place. Gives each finding as
 * "line:column rule", with "= reason" and the line of the comment behind it where one silences it.
 */
function lint(text: string, options: Options = {}): readonly string[] {
  const { document, findings } = run(text, options);
  return findings.map(({ rule: id, at, suppressed }) => {
    const { line, column } = locate(at.file, at.span.start);
    if (!suppressed) return `${line}:${column} ${id}`;
    const by = locate(document.source, suppressed.by.span.start).line;
    return `${line}:${column} ${id} by ${by}${suppressed.reason === null ? '' : ` = ${suppressed.reason}`}`;
  });
}

const MARKS: Readonly<Record<string, string>> = {
  '@tag': 'base/require-tag',
  '@copy': 'context/copy-ignored',
  '@exec': 'runtime/exec-form',
  '@sudo': 'shell/no-sudo',
  '@pipe': 'shell/pipefail',
  '@SC2086': 'shellcheck/SC2086',
  '@internal': 'internal',
};

function run(
  text: string,
  { on, explicit = [], partial = false, unused: unusedOptions = { hadolint: true } }: Options,
) {
  const document = parse(createSource('Dockerfile', text));
  const settings: RuleSettings = new Map(
    (on ?? rules.map(({ id }) => id)).map((id) => [
      id,
      {
        severity: 'warning',
        explicit: explicit.includes(id),
        varies: !explicit.includes(id),
        options: id === unused.id ? unusedOptions : {},
      },
    ]),
  );
  const findings = [...document.source.text.matchAll(/@\w+/g)].map((mark) =>
    findingAt(MARKS[mark[0]] ?? 'none', { file: document.source, span: { start: mark.index, end: mark.index + 2 } }),
  );
  const suppressions = readSuppressions(document, rules);
  return {
    document,
    suppressions,
    findings: applySuppressions(findings, suppressions, { document, settings, partial, shellcheck: null }),
  };
}

function findingAt(id: string, at: Finding['at'], related: Finding['related'] = []): Finding {
  return {
    rule: id,
    severity: 'warning',
    message: id,
    help: null,
    label: null,
    at,
    related,
    fix: null,
    sensitive: [],
    suppressed: null,
  };
}

const messages = (text: string, options: Options = {}) =>
  run(text, options)
    .findings.filter(({ rule: id }) => id.startsWith('suppression/'))
    .map(({ message, help }) => [message, help]);

describe('ignore comments', () => {
  it('silence the next instruction only, with a reason', () => {
    expect(lint('FROM a\n# plimsoll ignore=shell/no-sudo -- asked for by ops\nRUN @sudo @pipe\nRUN @sudo\n')).toEqual([
      '3:5 shell/no-sudo by 2 = asked for by ops',
      '3:11 shell/pipefail',
      '4:5 shell/no-sudo',
    ]);
  });

  it('take lists, aliases, free spacing and any case of the keywords', () => {
    for (const comment of [
      '# plimsoll ignore=shell/no-sudo,shell/pipefail',
      '#plimsoll   ignore  =  DL3004 ,  dl4006  --  why',
      '   # PLIMSOLL Ignore=DL3004,,DL4006,',
      '#\tplimsoll\tignore=DL3004,DL4006 # why',
      '# plimsoll ignore=all',
      '# plimsoll ignore=DL3004\n# plimsoll ignore=DL4006',
    ]) {
      const found = lint(`FROM a\n${comment}\nRUN @sudo @pipe\nRUN echo\n`);
      expect(found, comment).toHaveLength(2);
      expect(found[0], comment).toMatch(/no-sudo by 2/);
      expect(found[1], comment).toMatch(/pipefail by [23]/);
    }
  });

  it('may have other comments and blank lines below them', () => {
    expect(lint('FROM a\n# plimsoll ignore=DL3004\n\n# installs things\n\nRUN @sudo\n')).toEqual([
      '6:5 shell/no-sudo by 2',
    ]);
  });

  it('work above FROM and ARG, with CRLF, and behind a byte order mark', () => {
    expect(lint('\ufeff# plimsoll ignore=DL3006\r\nFROM @tag\r\nRUN x\r\n')[0]).toBe('2:6 base/require-tag by 1');
    expect(lint('# plimsoll ignore=DL3006\nARG A=@tag\nFROM @tag\n')).toEqual([
      '2:7 base/require-tag by 1',
      '3:6 base/require-tag',
    ]);
  });

  it('inside a continued instruction silence the whole of it', () => {
    expect(lint('FROM a\nRUN @sudo \\\n# plimsoll ignore=DL3004\n  && @sudo\nRUN @sudo\n')).toEqual([
      '2:5 shell/no-sudo by 3',
      '4:6 shell/no-sudo by 3',
      '5:5 shell/no-sudo',
    ]);
  });

  it('behind the last line of an instruction that promised another still belong to it', () => {
    expect(lint('FROM a\nRUN @sudo \\\n# plimsoll ignore=DL3004\n')).toEqual(['2:5 shell/no-sudo by 3']);
  });

  it('are no comments in a heredoc', () => {
    expect(lint('FROM a\nRUN <<EOF\n# plimsoll ignore=DL3004\n@sudo\nEOF\nRUN @sudo\n')).toEqual([
      '4:1 shell/no-sudo',
      '6:5 shell/no-sudo',
    ]);
  });

  it('silence what is found in the comments of an instruction', () => {
    expect(lint('FROM a\n# plimsoll ignore=DL3004\n# @sudo\nRUN x\n# @sudo\n')).toEqual([
      '3:3 shell/no-sudo by 2',
      '5:3 shell/no-sudo',
    ]);
  });

  it('silence a finding in another file by its related place here', () => {
    const document = parse(
      createSource('Dockerfile', 'FROM a\n# plimsoll ignore=CopyIgnoredFile\nCOPY x y\nCOPY x y\n'),
    );
    const file = createSource('.dockerignore', 'x\n');
    const at = { file, span: { start: 0, end: 1 } };
    const relatedTo = (index: number) => {
      const span = document.instructions[index]?.span ?? at.span;
      return [
        { file, span: at.span, message: '' },
        { file: document.source, span, message: '' },
      ];
    };
    const findings = [relatedTo(1), relatedTo(2), []].map((related) => findingAt('context/copy-ignored', at, related));
    const settings: RuleSettings = new Map();
    const settled = applySuppressions(findings, readSuppressions(document, rules), {
      document,
      settings,
      partial: false,
      shellcheck: null,
    });
    expect(settled.map(({ suppressed }) => suppressed !== null)).toEqual([true, false, false]);
  });

  it('say nothing in prose', () => {
    for (const prose of [
      '# plimsoll is a linter',
      '# see plimsoll ignore=x',
      '# plimsolls ignore=x',
      '# hadolint = good',
    ]) {
      expect(lint(`FROM a\n${prose}\nRUN x\n`), prose).toEqual([]);
    }
  });

  it('do not silence an internal error', () => {
    expect(lint('# plimsoll global ignore=all\nFROM a\nRUN @internal @sudo\n')).toEqual([
      '3:5 internal',
      '3:15 shell/no-sudo by 1',
    ]);
  });
});

describe('stage and global', () => {
  const text = (comment: string) => `FROM a AS one\nRUN @sudo\n${comment}\nRUN @sudo\nFROM b\nRUN @sudo\n`;

  it('stage reaches the rest of its stage', () => {
    expect(lint(text('# plimsoll stage ignore=DL3004 -- why'))).toEqual([
      '2:5 shell/no-sudo',
      '4:5 shell/no-sudo by 3 = why',
      '6:5 shell/no-sudo',
    ]);
  });

  it('stage above FROM reaches that stage, ARGs before the first FROM or not', () => {
    const above = '# plimsoll stage ignore=DL3004\n';
    expect(lint(`FROM a\nRUN @sudo\n\n${above}\nFROM b\nRUN @sudo\n`)).toEqual([
      '2:5 shell/no-sudo',
      '7:5 shell/no-sudo by 4',
    ]);
    expect(lint(`${above}ARG V=1\nFROM b\nRUN @sudo\nFROM c\nRUN @sudo\n`)).toEqual([
      '4:5 shell/no-sudo by 1',
      '6:5 shell/no-sudo',
    ]);
  });

  it('global reaches the file from anywhere', () => {
    const found = lint(text('# plimsoll global ignore=shell/no-sudo'));
    expect(found).toHaveLength(3);
    for (const line of found) expect(line).toMatch(/ by 3$/);
    expect(lint('FROM a\nRUN @sudo\n# plimsoll GLOBAL ignore = all')).toEqual(['2:5 shell/no-sudo by 3']);
  });

  it('the narrowest counts as used', () => {
    expect(lint('# plimsoll global ignore=DL3004\nFROM a\n# plimsoll ignore=DL3004\nRUN @sudo\n')).toEqual([
      '4:5 shell/no-sudo by 3',
      '1:26 suppression/unused',
    ]);
  });
});

describe("hadolint's comments", () => {
  it('reach the next instruction, the stage or the file', () => {
    expect(lint('FROM a\n# hadolint ignore=DL3004,DL4006\nRUN @sudo @pipe\nRUN @sudo\n')).toEqual([
      '3:5 shell/no-sudo by 2',
      '3:11 shell/pipefail by 2',
      '4:5 shell/no-sudo',
    ]);
    expect(lint('# hadolint stage ignore=DL3004\nFROM a\nRUN @sudo\nFROM b\nRUN @sudo\n')).toEqual([
      '3:5 shell/no-sudo by 1',
      '5:5 shell/no-sudo',
    ]);
    expect(lint('FROM a\nRUN @sudo\n#   hadolint  global  ignore = DL3004 # why\n')).toEqual([
      '2:5 shell/no-sudo by 3 = why',
    ]);
  });

  it('name codes of ShellCheck too, which are found by their code', () => {
    expect(
      lint('FROM a\n# hadolint ignore=SC2086\nRUN @SC2086\n# plimsoll ignore=sc2086\nRUN @SC2086\nRUN @SC2086\n'),
    ).toEqual(['3:5 shellcheck/SC2086 by 2', '5:5 shellcheck/SC2086 by 4', '6:5 shellcheck/SC2086']);
  });

  it('may name what we do not have', () => {
    expect(lint('FROM a\n# hadolint ignore=DL9999,SC1000,nonsense,Other\nRUN x\n')).toEqual([]);
  });

  it('set the shell until the next SHELL or FROM', () => {
    const text = [
      'FROM a AS one',
      'RUN 1',
      '# hadolint shell=/bin/bash',
      'RUN 2',
      'ONBUILD RUN 3',
      'SHELL ["/bin/ash", "-eo", "pipefail", "-c"]',
      'RUN 4',
      '#hadolint shell = zsh # why',
      'RUN 5',
      'FROM b',
      'RUN 6',
      'FROM one',
      'RUN 7',
    ];
    expect(shells(text)).toEqual([
      null,
      null,
      '/bin/bash -c',
      '/bin/bash -c',
      null,
      null,
      'zsh -eo pipefail -c',
      null,
      null,
      'zsh -eo pipefail -c',
      'zsh -eo pipefail -c',
    ]);
  });

  it('set the shell of all stages before the first FROM', () => {
    const text = [
      '# hadolint shell=bash',
      'ARG V=1',
      'FROM a AS one',
      'RUN 1',
      'SHELL ["cmd"]',
      'FROM b',
      'RUN 2',
      'FROM one',
      'RUN 3',
    ];
    expect(shells(text)).toEqual(['bash -c', 'bash -c', 'bash -c', null, 'bash -c', 'bash -c', null, null]);
  });

  it('set the shell of the trigger of ONBUILD', () => {
    const document = parse(createSource('Dockerfile', 'FROM a\n# hadolint shell=bash\nONBUILD RUN x\n'));
    const onbuild = document.instructions[1];
    const trigger = onbuild?.keyword === 'ONBUILD' ? onbuild.trigger : null;
    expect(trigger && readSuppressions(document, rules).shellOverride(trigger)).toEqual(['bash', '-c']);
  });

  function shells(lines: readonly string[]) {
    const document = parse(createSource('Dockerfile', lines.join('\n')));
    const { shellOverride } = readSuppressions(document, rules);
    return document.instructions.map((instruction) => shellOverride(instruction)?.join(' ') ?? null);
  }
});

describe("BuildKit's check", () => {
  it('as a directive skips checks in the whole file', () => {
    expect(
      lint(
        '# syntax=docker/dockerfile:1\n# Check = skip=JSONArgsRecommended // why not\nFROM a\nCMD @exec\nRUN @sudo\n',
      ),
    ).toEqual(['4:5 runtime/exec-form by 2 = why not', '5:5 shell/no-sudo']);
  });

  it('skip=all reaches the rules that BuildKit has too, and no others', () => {
    expect(lint('# check=skip=all\nFROM a\nCMD @exec\nRUN @sudo\nCOPY @copy\n')).toEqual([
      '3:5 runtime/exec-form by 1',
      '4:5 shell/no-sudo',
      '5:6 context/copy-ignored by 1',
    ]);
  });

  it('skip=all does not reach an experimental check that is asked for', () => {
    expect(lint('# check=skip=all;experimental=CopyIgnoredFile\nFROM a\nCMD @exec\nCOPY @copy\n')).toEqual([
      '3:5 runtime/exec-form by 1',
      '4:6 context/copy-ignored',
    ]);
  });

  it('as a comment skips checks of the next instruction', () => {
    expect(
      lint(
        'FROM a\n# check=skip=JSONArgsRecommended,Other // by design\nCMD @exec\nCMD @exec\n# check=skip=all\nCMD @exec @sudo\n',
      ),
    ).toEqual([
      '3:5 runtime/exec-form by 2 = by design',
      '4:5 runtime/exec-form',
      '6:5 runtime/exec-form by 5',
      '6:11 shell/no-sudo',
    ]);
  });

  it('takes names as BuildKit does: its own, in their case, up to the first blank', () => {
    for (const value of ['jsonargsrecommended', 'DL3025', 'runtime/exec-form', 'Other, JSONArgsRecommended', 'Skip']) {
      expect(lint(`# check=skip=${value}\nFROM a\nCMD @exec\n`), value).toEqual(['3:5 runtime/exec-form']);
    }
    expect(lint('# check=SKIP=all\nFROM a\nCMD @exec\n')).toEqual(['3:5 runtime/exec-form']);
  });

  it('error=true makes errors of the findings of its rules, unless the user chose a severity', () => {
    const text = '# check=skip=CopyIgnoredFile;error=true\nFROM a\nCMD @exec\nRUN @sudo\nCOPY @copy\n';
    const severities = (options: Options) =>
      run(text, options).findings.map(({ rule: id, severity }) => `${id} ${severity}`);
    expect(severities({}).slice(0, 2)).toEqual(['runtime/exec-form error', 'shell/no-sudo warning']);
    expect(severities({ explicit: ['runtime/exec-form'] })[0]).toBe('runtime/exec-form warning');
    expect(run('# check=error=false\nFROM a\nCMD @exec', {}).findings[0]?.severity).toBe('warning');
    expect(run('FROM a\n# check=error=true\nCMD @exec', {}).findings[0]?.severity).toBe('warning');
  });

  it('is never called unused or unknown', () => {
    expect(lint('# check=skip=JSONArgsRecommended,Nonsense\nFROM a\n# check=skip=all\nRUN x\n')).toEqual([]);
  });
});

describe('suppression/unknown-rule', () => {
  it('is reported at the word, with what was meant', () => {
    const text = 'FROM a\n# plimsoll ignore=shell/no-sudo,shell/pipefial -- why\nRUN @sudo\n';
    expect(lint(text)).toEqual(['3:5 shell/no-sudo by 2 = why', '2:33 suppression/unknown-rule']);
    expect(messages(text)).toEqual([
      ['this comment silences nothing: there is no rule `shell/pipefial`', 'did you mean `shell/pipefail`?'],
    ]);
    const fix = run(text, {}).findings[1]?.fix;
    expect(fix?.edits.map((edit) => [text.slice(edit.span.start, edit.span.end), edit.text])).toEqual([
      ['shell/pipefial', 'shell/pipefail'],
    ]);
  });

  it('is reported for codes of hadolint that no rule stands for, and without a guess', () => {
    expect(messages('# plimsoll ignore=DL3999\nFROM a\n')).toEqual([
      ['this comment silences nothing: there is no rule `DL3999`', 'run `plimsoll rules` for the names'],
    ]);
  });

  it.each([
    'plimsoll ignore DL3004',
    'plimsoll ignore: DL3004',
    'plimsoll: ignore=DL3004',
    'plimsoll-ignore=DL3004',
    'plimsoll disable=DL3004',
    'plimsoll file ignore=DL3004',
    'plimsoll ignore=',
  ])('is reported for a comment that cannot be read: %s', (comment) => {
    expect(lint(`FROM a\n# ${comment}\nRUN x\n`)).toEqual(['2:3 suppression/unknown-rule']);
  });

  it('is reported for words behind the list, which silences all the same', () => {
    expect(lint('FROM a\n# plimsoll ignore=DL3004 because\nRUN @sudo\n')).toEqual([
      '3:5 shell/no-sudo by 2',
      '2:26 suppression/unknown-rule',
    ]);
  });

  it('can be off, and silenced by name but not by all', () => {
    const text = '# plimsoll ignore=nonsense\nFROM a\n';
    expect(lint(text, { on: [unused.id] })).toEqual([]);
    expect(lint(`# plimsoll global ignore=suppression/unknown-rule\n${text}`)).toEqual([
      '2:19 suppression/unknown-rule by 1',
    ]);
    expect(lint(`# plimsoll global ignore=all\n${text}`)).toContain('2:19 suppression/unknown-rule');
  });
});

describe('suppression/unused', () => {
  it('is reported at the word', () => {
    const text = 'FROM a\n# plimsoll ignore=shell/no-sudo, DL4006 -- why\nRUN @sudo\n# hadolint ignore=DL3004\nRUN x\n';
    expect(lint(text)).toEqual(['3:5 shell/no-sudo by 2 = why', '2:34 suppression/unused', '4:19 suppression/unused']);
    expect(messages(text)[0]).toEqual([
      '`DL4006` reports nothing here, so there is nothing to silence',
      'remove it, or it will hide a finding that nobody has seen yet',
    ]);
    expect(messages('# plimsoll global ignore=all\nFROM a')[0]?.[0]).toBe(
      'nothing is reported in this file, so there is nothing to silence',
    );
  });

  it('is reported where no instruction follows', () => {
    expect(lint('FROM a\nRUN @sudo\n# plimsoll ignore=DL3004\n')).toEqual([
      '2:5 shell/no-sudo',
      '3:19 suppression/unused',
    ]);
  });

  it('is not reported for rules that are off, for unknown codes, and in a partial run', () => {
    const text = 'FROM a\n# plimsoll ignore=DL3004,SC2086\nRUN x\n';
    expect(lint(text)).toEqual(['2:19 suppression/unused']);
    expect(lint(text, { on: ['shell/pipefail', unused.id] })).toEqual([]);
    expect(lint(text, { partial: true })).toEqual([]);
    expect(lint(text, { on: ['shell/no-sudo'] })).toEqual([]);
  });

  it("leaves hadolint's comments alone where it is told to", () => {
    expect(lint('FROM a\n# hadolint ignore=DL3004\nRUN x\n', { unused: { hadolint: false } })).toEqual([]);
  });

  it('can be silenced by name', () => {
    expect(lint('FROM a\n# plimsoll ignore=DL3004,suppression/unused -- only on arm\nRUN x\n')).toEqual([
      '2:19 suppression/unused by 2 = only on arm',
    ]);
  });

  it('is fixed by taking the name out of its list, or the line out of the file', () => {
    const fixed = (comment: string) => {
      const text = `FROM a\n${comment}\nRUN @pipe\n`;
      const edit = run(text, {}).findings.find(({ rule: id }) => id === unused.id)?.fix?.edits[0];
      return edit && text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
    };
    expect(fixed('# plimsoll ignore=DL3004 -- why')).toBe('FROM a\nRUN @pipe\n');
    expect(fixed('# plimsoll ignore=DL3004 , DL4006 -- why')).toBe(
      'FROM a\n# plimsoll ignore=DL4006 -- why\nRUN @pipe\n',
    );
    expect(fixed('# plimsoll ignore=DL4006, DL3004 -- why')).toBe(
      'FROM a\n# plimsoll ignore=DL4006 -- why\nRUN @pipe\n',
    );
  });
});

describe('large input', () => {
  it('stays linear', () => {
    const many = Array.from({ length: 20_000 }, () => '# plimsoll ignore=DL3004,nonsense\nRUN @sudo\n').join('');
    const started = performance.now();
    expect(lint(`FROM a\n${many}`)).toHaveLength(40_000);
    const same = '# plimsoll stage ignore=DL3004\n'.repeat(20_000);
    lint(`FROM a\n${same}${'RUN @sudo\n'.repeat(20_000)}`);
    lint(
      `FROM a\n# plimsoll ignore=${'a,'.repeat(1_000_000)}\n# plimsoll ignore=DL3004${' ,'.repeat(1_000_000)}\nRUN x\n`,
    );
    lint(`FROM a\n# plimsoll ${'-'.repeat(2_000_000)}\n# plimsoll ignore${' '.repeat(2_000_000)}x\nRUN x\n`);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('nameRules', () => {
  it('knows which rules BuildKit has too, and builds once', () => {
    expect([...nameRules(rules).buildkit]).toEqual(['context/copy-ignored', 'runtime/exec-form']);
    expect(nameRules(rules)).toBe(nameRules(rules));
  });
});
