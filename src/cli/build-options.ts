/** Options of every command that looks at a build: which context, which stage, which arguments. */
export const BUILD_OPTIONS = {
  context: { describe: 'Directory of the build context', type: 'string', requiresArg: true, group: 'Build:' },
  target: { describe: 'Stage that is built', type: 'string', requiresArg: true, group: 'Build:' },
  'build-arg': {
    describe: 'Build argument NAME=VALUE, or NAME to take it from the environment',
    type: 'string',
    array: true,
    requiresArg: true,
    group: 'Build:',
  },
} as const;

export const COLOR_OPTION = {
  color: { describe: 'Colours; by itself where the terminal has them', type: 'boolean', group: 'Report:' },
} as const;
