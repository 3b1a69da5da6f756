import type { ImagePackageManager, StageFacts } from './types.js';

const COMMANDS: Readonly<Record<Exclude<ImagePackageManager, 'none'>, string>> = {
  apk: 'apk add --no-cache',
  apt: 'apt-get update && apt-get install -y --no-install-recommends',
  dnf: 'dnf install -y',
  microdnf: 'microdnf install -y',
  yum: 'yum install -y',
  pacman: 'pacman -Sy --noconfirm',
};

/** The command by which the package manager of a stage's image installs a tool; null where it has none. */
export function installCommand(tool: string, { image }: StageFacts): string | null {
  const manager = image.packageManager;
  if (manager === null || manager === 'none') return null;
  return `${COMMANDS[manager]} ${tool === 'npx' ? 'npm' : tool}`;
}
