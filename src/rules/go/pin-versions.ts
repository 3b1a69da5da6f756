import type { ShellWord } from '../../shell/types.js';
import { pinnedPackagesRule } from '../pinned-packages-rule.js';

/** Versions that move. {@link https://go.dev/ref/mod#version-queries} */
const MOVING = /@(?:latest|upgrade|patch|main|master|HEAD)$/;

export default pinnedPackagesRule({
  id: 'go/pin-versions',
  alias: 'DL3062',
  presets: ['strict'],
  commands: ['go'],
  unpinned({ command }) {
    const { subcommand, operands } = command;
    const [program] = operands;
    if (subcommand === 'run') return program && isMoving(program) ? [program] : [];
    if (subcommand === 'install') return operands.filter(isMoving);
    // Where go.mod has no such module, or has an older one, `go get` takes the newest.
    return subcommand === 'get' ? operands.filter((word) => isMoving(word) || isBareModule(word)) : [];
  },
  hadolint: {
    commands: ['go'],
    verbs: ['install', 'get', 'run'],
    takesValue: [],
    isPinned: (text) => /^[./]|\.go$|@(?!latest$)/.test(text),
    onlyFirst: true,
  },
  help: (name) => `write \`${name.replace(MOVING, '')}@\` and the version that you test with`,
});

function isMoving({ literal, value }: ShellWord): boolean {
  return literal && MOVING.test(value);
}

/** `example.com/tool`, without a version. */
function isBareModule({ literal, value }: ShellWord): boolean {
  return literal && /^[\w-]+(?:\.[\w-]+)+\/[^@]+$/.test(value);
}
