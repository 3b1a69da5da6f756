import type { SyntaxProblem, SyntaxProblemKind } from '../dockerfile/ast.js';
import type { FixKind, Severity } from '../model/finding.js';
import { defineRule, type FixInput, type Rule } from './define-rule.js';

interface SyntaxRule {
  readonly kind: SyntaxProblemKind;
  /** Where it is not `syntax/<kind>`. */
  readonly id?: string;
  readonly since?: string;
  readonly summary: string;
  readonly aliases?: readonly string[];
  readonly like?: Rule['like'];
  readonly severity?: Severity;
  /** Of problems that BuildKit takes; those that it refuses are errors in any case. */
  readonly milder?: Severity;
  /** The kind of fix that it may offer; null for none. */
  readonly fix?: FixKind | null;
}

/** A rule that reports one kind of the problems that reading the file brought up, with "did you mean" as its fix. */
export function syntaxRule({
  kind,
  id = `syntax/${kind}`,
  since = '0.1.0',
  summary,
  aliases = [],
  like = {},
  severity = 'error',
  milder = severity,
  fix = 'suggestion',
}: SyntaxRule): Rule {
  return defineRule({
    id,
    summary,
    category: 'correctness',
    severity,
    presets: ['recommended', 'strict'],
    since,
    aliases,
    like,
    ...(fix === null ? {} : { fix }),
    messages: {
      problem: ({ message, help, suggestion }: SyntaxProblem) => {
        const advice = help ?? (suggestion === null ? null : `did you mean \`${suggestion}\`?`);
        return { message, ...(advice === null ? {} : { help: advice }) };
      },
    },
    check({ document, report }) {
      for (const problem of document.problems) {
        if (problem.kind !== kind) continue;
        report('problem', {
          at: problem.span,
          data: problem,
          severity: severityOf(problem, milder),
          related: (problem.related ?? []).map(({ span, message }) => ({ at: span, message })),
          fix: fixOf(problem),
        });
      }
    },
  });
}

function severityOf({ fatal, uncertain }: SyntaxProblem, milder: Severity): Severity {
  return uncertain ? 'info' : fatal ? 'error' : milder;
}

function fixOf({ remedy, span, suggestion }: SyntaxProblem): FixInput | null {
  if (remedy) return { kind: remedy.safe ? 'safe' : 'suggestion', title: remedy.title, edits: remedy.edits };
  if (suggestion === null) return null;
  return { kind: 'suggestion', title: `Write ${suggestion}`, edits: [{ span, text: suggestion }] };
}
