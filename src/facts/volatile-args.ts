/** Names of what is another value in each build: a revision, a date, the number of a build. */
const VOLATILE_NAME =
  /^(?:\w+_)?(?:BUILD_?(?:DATE|TIME|TIMESTAMP|NUMBER|NUM|ID)|GIT_?(?:SHA1?|COMMIT|REV(?:ISION)?|HASH|REF)|COMMIT(?:_?(?:SHA1?|HASH|ID|REF|DATE))?|REVISION|VCS_?(?:REF|DATE)|SOURCE_?COMMIT|SHA1?|CI_COMMIT\w*|CI_PIPELINE_ID|TIMESTAMP|SOURCE_DATE_EPOCH)$/i;

/** Defaults that only hold a place; any other one is a pin, which changes as rarely as the file does. */
const PLACEHOLDER =
  /^["']?(?:|unknown|unset|undefined|none|null|dev|development|local|head|latest|n\/a|0+|0\.0\.0)["']?$/i;

/** True where an ARG is likely to have another value in each build. */
export function isVolatileArg(name: string, value: string | null): boolean {
  return VOLATILE_NAME.test(name) && (value === null || PLACEHOLDER.test(value));
}
