import { CONTEXT_OPTIONS, LAYERS_OPTIONS } from './build-args.js';
import type { CommandName } from './command.js';
import { LINT_OPTIONS } from './lint-args.js';

export const RULES_OPTIONS = { json: { describe: 'As JSON', type: 'boolean' } } as const;

export const INIT_OPTIONS = {
  'from-hadolint': { describe: "From hadolint's configuration: that of this directory, or FILE", type: 'string' },
} as const;

/** What each command takes; who adds a command adds it here. */
export const OPTIONS_OF = {
  lint: LINT_OPTIONS,
  context: CONTEXT_OPTIONS,
  layers: LAYERS_OPTIONS,
  rules: RULES_OPTIONS,
  explain: {},
  init: INIT_OPTIONS,
  completion: {},
} as const satisfies Record<CommandName, object>;
