import { parseJson, problemSentence } from '../../context/json.js';
import { installSpan, installText, isCopied, sentLockfiles } from '../../facts/install-inputs.js';
import { defineRule } from '../define-rule.js';

/** `npm ci` takes a lockfile that it cannot read for none, and stops. */
export default defineRule({
  id: 'node/valid-lockfile',
  summary: 'Copy a package-lock.json that npm can read',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  messages: {
    broken: ({ command, path, problem }: { command: string; path: string; problem: string }) => ({
      message: `\`${command}\` stops at ${path}: ${problem}`,
      help: 'mend it, or write it anew with `npm install --package-lock-only` in the project, and commit it',
    }),
  },
  check({ facts, report }) {
    const { context } = facts;
    if (!context) return;
    for (const install of facts.node.installs) {
      const { manager, frozen, stage } = install;
      const [lockfile] = sentLockfiles(install);
      if (manager !== 'npm' || !frozen || stage.role === 'unreachable' || !lockfile) continue;
      const source = context.read(lockfile.path);
      // npm settles merge conflicts in its lockfile by itself.
      if (!source || source.text.includes('<<<<<<<') || !isCopied(install, lockfile.name, facts)) continue;
      if (isJson(source.text)) continue;
      const [problem] = parseJson(source).problems;
      // A file that only ends too soon may have been cut on its way here.
      if (!problem || problem.span.end >= source.text.trimEnd().length - 1) continue;
      report('broken', {
        at: { file: source, span: problem.span },
        data: { command: installText(install), path: source.path, problem: problemSentence(problem.message) },
        related: [{ at: installSpan(install), message: 'reads it' }],
      });
    }
  },
});

/** Lockfiles are large, and nearly all are sound: this is the quick answer. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
