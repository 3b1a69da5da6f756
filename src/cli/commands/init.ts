import { renderFromHadolint } from '../../config/from-hadolint.js';
import { CONFIG_NAMES } from '../../config/load.js';
import { findHadolintConfig, readHadolintFile } from '../../config/load-hadolint.js';
import { displayFrom, joinPath, resolvePath } from '../../context/paths.js';
import { UsageError } from '../../model/errors.js';
import { rules } from '../../rules/index.js';
import type { Io } from '../io.js';

/**
 * `plimsoll init`: a configuration to begin with, which changes nothing until it is edited; with `--from-hadolint` one that
 * says what hadolint's says.
 *
 * @param hadolint its file; empty: the one that holds for the working directory; null: none.
 */
export async function initCommand(hadolint: string | null, io: Io): Promise<number> {
  const there = CONFIG_NAMES.find((name) => io.fs.lstat(joinPath(io.cwd, name)).ok);
  if (there) throw new UsageError(`${there} is there already; it was not changed`);
  const name = CONFIG_NAMES[0];
  const text = hadolint === null ? TEMPLATE : await fromHadolint(hadolint, io);
  io.writeFile(joinPath(io.cwd, name), text);
  io.stdout.write(`wrote ${name}\n`);
  return 0;
}

async function fromHadolint(file: string, io: Io): Promise<string> {
  const named = io.isWindows ? file.replaceAll('\\', '/') : file;
  const path = named === '' ? findHadolintConfig(io.fs, io.cwd, io) : resolvePath(io.cwd, named);
  if (path === null)
    throw new UsageError('there is no configuration of hadolint here; name its file behind --from-hadolint');
  const display = (shown: string) => displayFrom(io.cwd, shown);
  return renderFromHadolint(await readHadolintFile(io.fs, path, display), display(path), rules);
}

const TEMPLATE = `# Configuration of plimsoll, a linter for Dockerfiles. Every key may be left out.
# What holds for a file, and why: plimsoll --print-config Dockerfile

# Where to begin: recommended (calm), strict, all; or a file such as ./shared/plimsoll.yaml.
extends: recommended

# Findings from here on make the exit code 1: error, warning, info, style, none.
threshold: warning

# Keeps an upgrade from adding rules: only those that this version had are on.
# rulesVersion: "0.1"

# off, on, a severity, or both a severity and options. The rules: plimsoll rules
# rules:
#   user/no-root: warning
#   apt/no-recommends:
#     severity: info
#     options:
#       allow: [git]

# Other settings for some files.
# overrides:
#   - files: ["*.dev.Dockerfile"]
#     rules:
#       user/no-root: off

# Files that are never linted.
# ignore:
#   - third_party/
`;
