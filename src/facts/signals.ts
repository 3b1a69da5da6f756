/**
 * Names that BuildKit takes for STOPSIGNAL, without `SIG`, besides those of real-time signals.
 * {@link https://github.com/moby/sys/blob/main/signal/signal_linux.go}
 */
export const SIGNALS: readonly string[] =
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ'.split(
    ' ',
  );

/** True for the name of a signal, in any case and with or without `SIG`. */
export function isSignalName(text: string): boolean {
  const name = text.toUpperCase().replace(/^SIG/, '');
  if (SIGNALS.includes(name)) return true;
  const realTime = /^RT(?:MIN(?:\+(\d{1,2}))?|MAX(?:-(\d{1,2}))?)$/.exec(name);
  if (!realTime) return false;
  const [, up, down] = realTime;
  return /^(?:[1-9]|1[0-5])$/.test(up ?? '1') && /^(?:[1-9]|1[0-4])$/.test(down ?? '1');
}
