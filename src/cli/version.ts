import { UsageError } from '../model/errors.js';
import type { Io } from './io.js';

/** plimsoll's own version, from its package.json. */
export function readVersion(io: Io): string {
  const read = io.fs.readFile(`${io.packageRoot}/package.json`);
  const manifest: unknown = read.ok ? JSON.parse(new TextDecoder().decode(read.value)) : null;
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new UsageError('the installation is broken: its package.json cannot be read');
}
