/** A set of words that are written with blanks between them. */
function words(...texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.join(' ').split(' '));
}

const PLAIN =
  ': [ [[ true false test echo printf cd pwd set export unset local readonly shift exit return type command which hash wait ' +
  'umask ulimit ls cat head tail wc grep egrep stat du df sleep date uname hostname nproc id whoami getent env mkdir rmdir rm ' +
  'chmod chown chgrp setcap useradd adduser usermod userdel deluser groupadd addgroup groupmod groupdel delgroup passwd ' +
  'chpasswd update-ca-certificates locale-gen ldconfig';

/**
 * Commands that ask, print, take away, or set owners, modes, accounts and variables: but for what they are sent to by `>`,
 * they write no file of a project, and put no program where the shell looks for one.
 */
export const PLAIN_COMMANDS = words(PLAIN);

const SYSTEM = 'apt-get apt aptitude apk dnf yum microdnf zypper';

/** The package managers of systems by which images are filled. */
export const SYSTEM_MANAGERS = words(SYSTEM);

/** They ask about packages, or change how those are set up. */
const OF_PACKAGES = 'apt-cache apt-mark dpkg rpm pacman update-alternatives debconf-set-selections';

/** {@link PLAIN_COMMANDS}, and those that fill the system with packages: they write no file of a project. */
export const SYSTEM_COMMANDS = words(PLAIN, SYSTEM, OF_PACKAGES);

/** What an image is made with that has Node.js, and nothing else to run or to compile. */
export const NODE_COMMANDS = words(
  'npm yarn pnpm corepack node mkdir chown chmod rm ln cp mv echo true set test adduser addgroup useradd groupadd touch ls cd ' +
    'export',
);
