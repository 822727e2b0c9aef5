import { orphan, type ChaosFault } from './fault.ts';
import { listProcesses, signal } from './processes.ts';

/** Ends what is alive when the bot has ended and nothing is to be done any more: each is a fault. */
export function endOrphans(root: string): ChaosFault[] {
  return listProcesses(root).map((one) => {
    signal(one, 'SIGKILL');
    return orphan(`process ${one.pid} is alive: ${one.commandLine}`);
  });
}
