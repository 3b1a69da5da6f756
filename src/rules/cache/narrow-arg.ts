import { isVolatileArg } from '../../facts/volatile-args.js';
import { wideArgRule } from '../wide-arg-rule.js';

/** Like `cache/volatile-arg`, for arguments whose names do not say how often they change. */
export default wideArgRule({
  id: 'cache/narrow-arg',
  summary: 'Declare an ARG below the installs that do not use it',
  severity: 'info',
  presets: ['strict'],
  accepts: ({ name, value }) => !isVolatileArg(name, value),
});
