import { defineRule } from '../define-rule.js';

const SOCKET = /(?:^|\/)docker\.sock$/;

/** Who may write to the socket may start a container with the disk of the host in it: that is root on the host. */
export default defineRule({
  id: 'runtime/no-docker-socket',
  summary: 'Do not make the socket of Docker a part of the image',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    volume: (_: object) => ({
      message:
        'VOLUME gives the container an empty directory of this name, not the socket, and hides that it needs one',
      help: 'leave it out; whoever trusts the image with root on the host starts it with `-v /var/run/docker.sock:/var/run/docker.sock`',
    }),
    file: (_: object) => ({
      message:
        'the socket of Docker means root on the host, and no build can bring it along: there is no socket in a build context',
      help: 'leave it out; a build that needs Docker runs beside the engine, with BuildKit or in a job that has access',
    }),
  },
  check({ document, facts, report }) {
    if (!document.source.text.includes('docker.sock')) return;
    for (const { paths } of facts.instructions('VOLUME')) {
      for (const { text, span } of paths) if (SOCKET.test(unquoted(text))) report('volume', { at: span, data: {} });
    }
    for (const { sources } of facts.instructions('COPY', 'ADD')) {
      for (const { text, span } of sources) if (SOCKET.test(unquoted(text))) report('file', { at: span, data: {} });
    }
    for (const { mounts } of facts.instructions('RUN')) {
      for (const { flag, type, options } of mounts) {
        if (type === 'bind' && SOCKET.test(options.get('source') ?? '')) report('file', { at: flag.span, data: {} });
      }
    }
  },
});

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/g, '');
}
