import type { SyntaxProblem, SyntaxProblemKind } from '../dockerfile/ast.js';
import { defineRule, type Rule } from './define-rule.js';

interface SyntaxRule {
  readonly kind: SyntaxProblemKind;
  readonly summary: string;
  readonly aliases?: readonly string[];
  /** Of problems that BuildKit takes; those that it refuses are errors in any case. */
  readonly severity?: 'error' | 'warning' | 'info';
}

/** A rule that reports one kind of the problems that reading the file brought up, with "did you mean" as its fix. */
export function syntaxRule({ kind, summary, aliases = [], severity = 'error' }: SyntaxRule): Rule {
  return defineRule({
    id: `syntax/${kind}`,
    summary,
    category: 'correctness',
    severity,
    presets: ['recommended', 'strict'],
    since: '0.1.0',
    aliases,
    fix: 'suggestion',
    messages: {
      problem: ({ message, help, suggestion }: SyntaxProblem) => {
        const advice = help ?? (suggestion === null ? null : `did you mean \`${suggestion}\`?`);
        return { message, ...(advice === null ? {} : { help: advice }) };
      },
    },
    check({ document, report }) {
      for (const problem of document.problems) {
        if (problem.kind !== kind) continue;
        const { span, suggestion } = problem;
        report('problem', {
          at: span,
          data: problem,
          severity: problem.fatal ? 'error' : severity,
          fix: suggestion === null ? null : { title: `Write ${suggestion}`, edits: [{ span, text: suggestion }] },
        });
      }
    },
  });
}
