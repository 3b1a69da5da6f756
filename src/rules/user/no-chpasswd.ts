import { knownPasswords } from '../../facts/known-passwords.js';
import { defineRule } from '../define-rule.js';

/** Every container of the image has the same password, and everyone who has the Dockerfile knows it. */
export default defineRule({
  id: 'user/no-chpasswd',
  summary: 'Do not set passwords that stand in the Dockerfile',
  category: 'security',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    password: (_: object) => ({
      message: 'every container of this image has this password, and everyone who has this file knows it',
      help: 'leave the account without a password (`USER` and `docker exec -u` need none), or set it when the container starts',
    }),
    hash: (_: object) => ({
      message:
        'every container of this image has the password of this hash, which anybody with the image can search for',
      help: 'leave the account without a password (`USER` and `docker exec -u` need none), or set it when the container starts',
    }),
    text: (_: object) => ({
      message:
        '`-p` takes the hash of a password: nobody can log in with this text, which shows in the history of the image',
      help: 'leave the option out: `USER` and `docker exec -u` need no password',
    }),
  },
  check({ facts, report }) {
    for (const { use, kind, at, secrets } of knownPasswords(facts)) {
      if (use.stage?.isShipped !== true) continue;
      const isMild = kind !== 'password' || use.stage.isDevelopment;
      report(kind, { at, data: {}, severity: isMild ? 'warning' : 'error', sensitive: secrets });
    }
  },
});
