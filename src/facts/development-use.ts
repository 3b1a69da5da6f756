import { isPickedTarget } from './compose-targets.js';
import { memoise } from './lazy.js';
import { lineage } from './node.js';
import type { Facts } from './types.js';

/** A directory whose Dockerfile is for work on the project. */
const DEVELOPMENT_DIRECTORY = /^(?:\.?dev|devel|development|\.devcontainer|local|debug|e2e|tests?|storybook)$/i;

/** Tools that build an image for development, and put the source into its containers as it changes. */
const SYNCHRONISED = [
  'skaffold.yaml',
  'skaffold.yml',
  'Tiltfile',
  'devspace.yaml',
  'okteto.yml',
  'okteto.yaml',
  'garden.yml',
];

/** Where people write down how they start a container. */
const NOTES = ['Makefile', 'makefile', 'justfile', 'Taskfile.yml', 'package.json', 'README.md', 'readme.md'];

/** Stages that are shipped, whatever stands behind them. */
const PRODUCTION = /(?:^|[-_.])(?:prod|production|release|runner|runtime|deploy|final)(?:$|[-_.])/i;

/**
 * True where something says that the shipped image is for work on the project: its name, NODE_ENV, a compose file or a tool
 * that puts the source of the host in its place, or a choice of stages by which another one is shipped.
 */
export const isForDevelopment = memoise((facts: Facts): boolean => {
  const { target, context, document, stages } = facts;
  if (!target || target.isDevelopment) return true;
  const directories = document.source.path.split('/').slice(-3, -1);
  if (directories.some((name) => DEVELOPMENT_DIRECTORY.test(name))) return true;
  if (/^(?:dev|test|local)/.test(target.final.env.get('NODE_ENV')?.value ?? '')) return true;
  // Nothing of the project is in it: the source is mounted.
  if (lineage(target).every(({ copies }) => copies.length === 0) && facts.commands('git', 'curl', 'wget').length === 0)
    return true;
  if (stages.some(({ role, name }) => role === 'unreachable' && PRODUCTION.test(name ?? ''))) return true;
  if (!context) return false;
  if (
    context.services.some((one) => one.isDevelopment || one.mountsSource || one.overridesCommand || one.target !== null)
  )
    return true;
  if (stages.some(({ name }) => name !== null && isPickedTarget(name, facts))) return true;
  if (SYNCHRONISED.some((name) => context.kindOf(name) === 'file')) return true;
  if (NOTES.some((name) => MOUNTED.test(context.read(name)?.text ?? ''))) return true;
  return ['.devcontainer/devcontainer.json', '.devcontainer.json'].some((name) =>
    /dockerfile"?\s*:\s*"\.\.\/|dockerComposeFile/i.test(context.read(name)?.text ?? ''),
  );
});

/** `docker run --rm -v $PWD:/app app` */
const MOUNTED =
  /\b(?:docker|podman)\s+(?:container\s+)?run\b(?:[^\n]|\\\n){0,300}?\s(?:-v|--volume|--mount)[\s=]["']?(?:[$.~%`]|type=bind)/;
