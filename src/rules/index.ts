import type { Rule } from './define-rule.js';
export const rules: readonly Rule[] = [];
