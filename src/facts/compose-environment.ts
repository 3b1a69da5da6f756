import { isWithin } from '../context/paths.js';
import type { Facts } from './types.js';

/** Whether a compose file gives a variable to a container of the image, or may. */
export function mayBeSetByCompose(variable: string | null, { context }: Facts): boolean {
  if (variable === null || !context) return false;
  return context.services.some((service) => service.environment.has(variable) || service.hasMoreVariables);
}

/** True where a compose file lays a directory over a path of the container. */
export function isMounted(path: string, { context }: Facts): boolean {
  return [...(context?.mountedPaths ?? [])].some((target) => isWithin(target, path));
}
