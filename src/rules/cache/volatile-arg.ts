import { isVolatileArg } from '../../facts/volatile-args.js';
import { wideArgRule } from '../wide-arg-rule.js';

/** Every ARG in scope is part of the key of every RUN below it, used or not. */
export default wideArgRule({
  id: 'cache/volatile-arg',
  summary: 'Declare an ARG that changes with each build below the installs that do not use it',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  accepts: ({ name, value }) => isVolatileArg(name, value),
});
