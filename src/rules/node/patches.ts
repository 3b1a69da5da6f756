import { joinPath, parentOf } from '../../context/paths.js';
import type { BuildContext, NodeProject } from '../../context/types.js';
import { ignoresScripts, installSpan, installText } from '../../facts/install-inputs.js';
import { INSTALL_SCRIPTS } from '../../facts/lifecycle-names.js';
import { ignoredNote, isMadeElsewhere, patchFiles } from '../../facts/local-files.js';
import { type StagedInstall, stagedInstalls } from '../../facts/staged-install.js';
import type { Facts } from '../../facts/types.js';
import { parseScript } from '../../shell/parse.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly command: string;
  readonly path: string;
}

/** Dependencies are patched at the install, and the patches come later or not at all. */
export default defineRule({
  id: 'node/patches',
  summary: 'Copy the patches of dependencies before the install',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    fails: ({ command, path, by }: Data & { by: string }) => ({
      message: `\`${command}\` fails (ENOENT): ${by} names ${path}, which is not in the image by then`,
      help: `copy their directory to its own name before the install: \`COPY ${parentOf(path)} ${parentOf(path)}\``,
    }),
    unpatched: ({ command, path, script }: Data & { script: string }) => ({
      message: `\`${command}\` leaves dependencies unpatched: \`${script}\` runs patch-package, and ${path} is not there by then`,
      help: `copy that directory to its own name before the install: \`COPY ${path} ${path}\``,
    }),
  },
  check({ facts, report }) {
    const { context } = facts;
    if (!context) return;
    for (const staged of stagedInstalls(facts)) {
      const { install, project, at } = staged;
      const where = { at: installSpan(install) };
      const command = installText(install);
      const missing = patchFiles(staged).find(
        ({ path }) => at(path).status === 'absent' && !isMadeElsewhere(project, path, facts),
      );
      if (missing) {
        const { named, path, by } = missing;
        const file = project.manifest.source;
        const related = named ? [{ at: { file, span: named.span }, message: 'names it' }] : [];
        const ignored = ignoredNote(joinPath(project.directory, path), context);
        report('fails', { ...where, data: { command, path, by }, related: [...related, ...ignored] });
        continue;
      }
      const run = patchPackage(staged);
      const patches = run ? patchesIn(context, project, run.directory) : [];
      if (!run || patches.length === 0 || isPatchedLater(staged, facts)) continue;
      if (patches.some((path) => at(path).status !== 'absent')) continue;
      const data = { command, path: run.directory, script: run.script };
      report('unpatched', { ...where, data, severity: 'warning' });
    }
  },
});

/** The script by which patch-package runs at the install, and its directory; null where it does not. */
function patchPackage({ install, project }: StagedInstall): { script: string; directory: string } | null {
  const { manifest } = project;
  if (ignoresScripts(install)) return null;
  // Without the package its script fails, or is left out.
  if (!manifest.dependencies.has('patch-package') && install.omitsDev !== false) return null;
  for (const script of INSTALL_SCRIPTS) {
    const text = manifest.scripts.get(script)?.value;
    if (!text?.includes('patch-package')) continue;
    const { commands } = parseScript({ text, offset: 0 }, 'sh', { joined: false });
    const command = commands.find(({ name }) => name === 'patch-package');
    if (!command || command.conditional) return null;
    const words = command.words.map(({ value }) => value);
    const at = words.findIndex((word) => word.startsWith('--patch-dir'));
    const given = at < 0 ? 'patches' : (words[at]?.split('=')[1] ?? words[at + 1]);
    return given ? { script, directory: joinPath('.', given) } : null;
  }
  return null;
}

/** The patches that the build is sent, relative to the project. */
function patchesIn(context: BuildContext, { directory: home }: NodeProject, directory: string): readonly string[] {
  const under = joinPath(home, directory);
  if (context.kindOf(under) !== 'directory') return [];
  const files: string[] = [];
  for (const { path } of context.walk(under, 50)) {
    if (path.endsWith('.patch')) files.push(home === '.' ? path : path.slice(home.length + 1));
  }
  return files;
}

/** True where anything after the install may apply them: another install, or patch-package itself. */
function isPatchedLater({ install }: StagedInstall, facts: Facts): boolean {
  return facts
    .instructions('RUN')
    .some(
      (run) =>
        run.span.start >= install.instruction.span.start &&
        (/patch-package|postinstall|prepare/.test(run.argumentsText) ||
          facts.node.installs.some((other) => other !== install && other.instruction === run)),
    );
}
