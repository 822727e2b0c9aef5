import { setTimeout as sleep } from 'node:timers/promises';

import type { CommandRequest } from '../command-request.ts';
import { sendSignal } from './send-signal.ts';
import type { Child } from './start-child.ts';

/** A process that SIGKILL does not end in this time is stuck in the kernel: nobody waits for it any longer. */
const killWaitMs = 5_000;

/**
 * Ends the command's own process with growing force. Claude gets SIGINT first, since then it prints its cost; a shell is
 * signalled with its process group. What else lives in the tree is left to `endProcesses`.
 */
export async function endChild(child: Child, request: Pick<CommandRequest, 'kind' | 'limits'>): Promise<void> {
  const { interruptGraceMs, terminateGraceMs } = request.limits;
  const target = request.kind === 'shell' ? -child.pid : child.pid;
  const steps: [NodeJS.Signals, number][] = [
    ['SIGTERM', terminateGraceMs],
    ['SIGKILL', killWaitMs],
  ];
  if (request.kind === 'claude') steps.unshift(['SIGINT', interruptGraceMs]);

  for (const [signal, waitMs] of steps) {
    sendSignal(target, signal);
    // One that was stopped gets no other signal before it goes on.
    sendSignal(target, 'SIGCONT');
    if (await endsWithin(child, waitMs)) return;
  }
}

async function endsWithin(child: Child, waitMs: number): Promise<boolean> {
  const controller = new AbortController();
  try {
    return await Promise.race([child.exited.then(() => true), sleep(waitMs, false, { signal: controller.signal })]);
  } finally {
    controller.abort();
  }
}
