import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCases } from './support/fixture-case.js';

/** What users of other linters complain of, and where they do. */
interface Complaint {
  readonly row: number;
  readonly about: string;
  /** `repository#number`; a fixture that shows it has one of them in its note. */
  readonly threads: string;
  /** Something was missed or shown at the wrong place, rather than said for nothing: a case that fires shows it too. */
  readonly fires?: true;
  /** Tests that show it where no fixture of a rule can: file and title. */
  readonly tests?: readonly (readonly [file: string, title: string])[];
}

const COMPLAINTS: readonly Complaint[] = [
  {
    row: 1,
    about: 'pinned versions of system packages leave the mirror',
    threads: 'hadolint#1253 #662 lsp-adapter#73 docker-java#21 test-infra#4294',
  },
  {
    row: 2,
    about: 'several RUN in a row are fine',
    threads: 'hadolint#717 #805 #1138 #1207 docker#257 common-files#484',
  },
  {
    row: 3,
    about: 'COPY --from an image, a variable, a named context',
    threads: 'hadolint#197 #271 #421 #830 #859 #933 #1124',
  },
  { row: 4, about: 'cache mounts', threads: 'hadolint#497 #983 #943 #723 #671 docker#359' },
  { row: 5, about: 'ARG in FROM', threads: 'hadolint#219 #339 #979 trivy#8274' },
  {
    row: 6,
    about: 'USER in stages that are not shipped, and root without USER',
    threads: 'hadolint#328 #359 #648 #650 #1014 #1025 #1068 #405 trivy#3966 notebooks#2547',
  },
  {
    row: 7,
    about: 'pipefail by any shell and any way',
    threads: 'hadolint#400 #350 #522 #724 #1231 #806 dcgm-exporter#683 godolint#16',
  },
  { row: 8, about: 'heredocs', threads: 'hadolint#682 #806 #805 #923 #1019 #1051 #1137 dockerlint#71' },
  {
    row: 9,
    about: 'syntax that is newer than the linter',
    threads: 'hadolint#609 #826 #951 #1029 #1039 #1083 #1145 language-docker#95 symfony-docker#930 opengrep#547',
  },
  { row: 10, about: 'flags, folders and aliases of npm', threads: 'hadolint#153 #256 #356 #515 #975' },
  {
    row: 11,
    about: 'the place of a command, not of its RUN',
    threads: 'hadolint#285 #807 #891 language-docker#116',
    fires: true,
  },
  {
    row: 12,
    about: 'a minor release brings new findings',
    threads: 'hadolint#1222 #1230 #1234 #1240 celestia#7672 jenkins-infra#1038',
    tests: [['config', 'freezes the rules at a version, but for those that are named']],
  },
  {
    row: 13,
    about: 'names that only look like secrets',
    threads: 'hadolint#1230 buildkit#5403 #5504 #6501 ddev#6462',
  },
  {
    row: 14,
    about: 'ignore files with exceptions, dots and globs',
    threads: 'buildkit#5884 #6512 #6926 #7125 moby#52125 droast#56',
  },
  {
    row: 15,
    about: 'checks of BuildKit cannot be silenced at one place',
    threads: 'buildkit#4919 vscode-extension#197 docker-language-server#320',
    tests: [
      ['suppressions', 'silence the next instruction only, with a reason'],
      ['suppressions', 'as a comment skips checks of the next instruction'],
    ],
  },
  {
    row: 16,
    about: 'shell forms that need a shell',
    threads: 'buildkit#5423 #4977 docs#20440 #22465',
  },
  { row: 17, about: 'a constant --platform on purpose', threads: 'buildkit#6022 decomp.me#1678' },
  {
    row: 18,
    about: 'arguments of FROM that have to be given',
    threads: 'moby#49928 k0s#5374 #6409 cypress#1186 #1197 kueue#2974',
  },
  {
    row: 19,
    about: 'variables of the base image, and `$` in heredocs',
    threads: 'buildx#2751 #3718 dockerlint#49',
  },
  {
    row: 20,
    about: 'directories, and files under other names',
    threads: 'hadolint#283 #972 #877 #1010 hadolint-action#3 #40 #54 #83 #92 trunk#943 droast#19',
    tests: [
      ['cli', 'a directory, recursively: Dockerfiles under all their names, and nothing else'],
      ['cli', '.gitignore files are obeyed, nested ones and those above too, but not for what is named'],
    ],
  },
  {
    row: 21,
    about: 'hooks that need a binary or Docker',
    threads: 'hadolint#886 #1203 OpenFermion#1319 lint-condo#17',
    tests: [
      ['ci', 'the hook of pre-commit takes the files that a directory would give'],
      ['ci', 'npm pack prints the name of the package and nothing of the build, as pre-commit expects it'],
    ],
  },
  // What they would write themselves is there: `npm ci` in place of `npm install`, for one.
  { row: 22, about: 'rules of their own', threads: 'hadolint#646 #1001', fires: true },
  { row: 23, about: 'cd in a RUN that needs it', threads: 'hadolint#422' },
  { row: 24, about: 'ADD of a variable', threads: 'hadolint#769' },
  {
    row: 25,
    about: 'comments that silence, with a reason and a scope',
    threads: 'hadolint#370 #441 #1028 #1096 #1195',
    tests: [
      ['suppressions', 'silence the next instruction only, with a reason'],
      ['suppressions', 'may have other comments and blank lines below them'],
      ['suppressions', 'stage reaches the rest of its stage'],
    ],
  },
  { row: 26, about: 'cleaned before anything was installed', threads: 'hadolint#957', fires: true },
  {
    row: 27,
    about: 'which configuration holds',
    threads: 'hadolint#346 #624 vscode-hadolint#14 #52',
    tests: [
      ['cli', 'the nearest one holds; --config names another; --no-config none'],
      ['config', 'shows each value with its origin, as YAML that says the same'],
    ],
  },
  { row: 28, about: 'what holds in one stage leaks into the next, or is lost', threads: 'trivy#10333 acarshub#1826' },
  { row: 29, about: 'advice for servers on what is none', threads: 'droast#43 inflexa#213' },
  {
    row: 30,
    about: 'the action lags behind the linter',
    threads: 'celestia#7672 hadolint-action#92 #102',
    tests: [['ci', 'annotates, sums up and fails']],
  },
];

describe('complaints about other linters', () => {
  const noted = readCases().map(({ name, settings }) => ({ name, threads: threadsIn(settings.note ?? '') }));

  it('are thirty', () => expect(COMPLAINTS.map(({ row }) => row)).toEqual(COMPLAINTS.map((_, index) => index + 1)));

  it.each(COMPLAINTS.map((one) => [one.row, one.about, one] as const))('%i: %s', (row, _, one) => {
    const asked = threadsIn(one.threads);
    const fixtures = noted.filter(
      ({ name, threads }) => (one.fires || name.startsWith('ok-')) && [...threads].some((thread) => asked.has(thread)),
    );
    const missing = (one.tests ?? []).filter(([file, title]) => !titlesOf(file).has(title));
    expect(missing).toEqual([]);
    const isShown = fixtures.length + (one.tests ?? []).length > 0;
    expect(isShown, `row ${row}: no fixture names a thread`).toBe(true);
  });
});

/** `hadolint#497 #943, moby/buildkit#5884`: each with the name of its repository. */
function threadsIn(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [, repository, numbers = ''] of text.matchAll(/([\w.-]+)((?:[ ,]*#\d+)+)/g))
    for (const number of numbers.match(/#\d+/g) ?? []) found.add(repository + number);
  return found;
}

function titlesOf(file: string): ReadonlySet<string> {
  const text = readFileSync(`test/${file}.test.ts`, 'utf8');
  return new Set([...text.matchAll(/\b(?:it|test)\(\s*(['"])(.+?)\1,/g)].map((match) => match[2] ?? ''));
}
