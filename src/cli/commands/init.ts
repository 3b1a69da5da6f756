import { CONFIG_NAMES } from '../../config/load.js';
import { joinPath } from '../../context/paths.js';
import { UsageError } from '../../model/errors.js';
import type { Io } from '../io.js';

/** `plimsoll init`: a configuration to begin with, which changes nothing until it is edited. */
export function initCommand(io: Io): number {
  const there = CONFIG_NAMES.find((name) => io.fs.lstat(joinPath(io.cwd, name)).ok);
  if (there) throw new UsageError(`${there} is there already; it was not changed`);
  const name = CONFIG_NAMES[0];
  io.writeFile(joinPath(io.cwd, name), TEMPLATE);
  io.stdout.write(`wrote ${name}\n`);
  return 0;
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
