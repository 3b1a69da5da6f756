import { joinPath } from '../context/paths.js';
import type { NodeProject } from '../context/types.js';
import { type StagedInstall, textBefore, usesCorepack } from './staged-install.js';
import type { Facts } from './types.js';

/** Yarn 1, or what came after it: they share a name and little else. */
export type YarnGeneration = 'classic' | 'berry';

/**
 * The Yarn that a project is worked on with, by its `packageManager` field, else by `.yarnrc.yml` and the form of
 * yarn.lock. Null where nothing says so, or one says this and one that.
 */
export function yarnOfProject(project: NodeProject, { context }: Facts): YarnGeneration | null {
  const field = project.manifest.packageManager;
  if (field?.manager === 'yarn' && field.version !== null) return /^[01]\./.test(field.version) ? 'classic' : 'berry';
  const lock = context?.read(joinPath(project.directory, 'yarn.lock'))?.text ?? '';
  const isBerry = /^__metadata:/m.test(lock);
  const isClassic = /^# yarn lockfile v1/m.test(lock);
  if (project.yarnrc) return isClassic || /yarn-1\./.test(project.yarnrc.yarnPath ?? '') ? null : 'berry';
  if (isBerry === isClassic) return null;
  return isBerry ? 'berry' : 'classic';
}

/** The Yarn that an install in the image runs: by `yarnPath`, by corepack and the manifest, or that of the official image. */
export function yarnOfInstall({ install, project, at }: StagedInstall): YarnGeneration | null {
  const settings = at('.yarnrc.yml');
  if (settings.status === 'unknown') return null;
  const path = settings.status === 'present' ? project.yarnrc?.yarnPath : null;
  if (path) return /yarn-1\./.test(path) ? 'classic' : 'berry';
  const version = project.manifest.packageManager;
  if (version && (version.manager !== 'yarn' || version.version === null)) return null;
  const text = textBefore(install);
  if (version && !/^[01]\./.test(version.version ?? '')) return usesCorepack(install) ? 'berry' : null;
  if (/corepack|yarn@|set version|policies|berry/.test(text)) return null;
  return install.stage.image.family === 'node' && install.stage.image.known ? 'classic' : null;
}
