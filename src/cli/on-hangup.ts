import { closeSync, openSync } from 'node:fs';

export interface Hangup {
  /** Sets what SIGHUP does from now on; one that came before is made up for. */
  reload(act: () => void): void;
}

/**
 * SIGHUP has two meanings: somebody asks a service to read its configuration again, or the terminal that the bot was started
 * in is gone. In the second case `onGone` is called.
 */
export function onHangup(onGone: () => void): Hangup {
  const startedInTerminal = process.stdin.isTTY;
  let act: (() => void) | undefined;
  let cameEarly = false;
  process.on('SIGHUP', () => {
    if (startedInTerminal && isTerminalGone()) onGone();
    else if (act === undefined) cameEarly = true;
    else act();
  });
  return {
    reload(given) {
      act = given;
      if (cameEarly) act();
    },
  };
}

/** The kernel takes the controlling terminal away from a process before it tells it of the hang-up. */
function isTerminalGone(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}
