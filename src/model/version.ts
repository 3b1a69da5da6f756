/** plimsoll's own version; `test/drift.test.ts` holds it against package.json. */
export const VERSION = '0.2.0';
