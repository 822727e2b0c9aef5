import { formatBytes } from '../../model/disk.ts';
import { bold, code, dateTime, line, output, type Inline, type Message } from '../../model/message.ts';
import { plural } from './run-facts.ts';

/** What a fault of the host is told with, and its end: what happened, what it means, what to do. */
interface FaultTexts {
  begin: Message;
  end: Message;
}

/** `freeBytes` where there is too little room; else a file could not be written all the same. */
export function diskFault(
  hostName: string,
  { freeBytes, leastBytes, said }: { freeBytes: number; leastBytes: number; said?: string | undefined },
): FaultTexts {
  const what: Inline[] =
    said === undefined
      ? [`: ${formatBytes(freeBytes)} free, and ${formatBytes(leastBytes)} is the least.`]
      : [': a file could not be written: ', code(said), '.'];
  return {
    begin: [
      line('💾 The disk of ', bold(hostName), ' is full', ...what),
      line('No run starts, and what waits goes on by itself once there is room. Runs at work go on, and may fail.'),
      line(
        'Make room there, keep less with ',
        code('retention'),
        ', or lower ',
        code('disk.minFree'),
        ' in nightdesk.yaml.',
      ),
    ],
    end: [line('▶️ The disk of ', bold(hostName), ` has room again: ${formatBytes(freeBytes)} free.`)],
  };
}

export const unwritableFault = (hostName: string, said: string, since: Date): FaultTexts => ({
  begin: [
    line('💾 The disk of ', bold(hostName), " can't be written: ", code(said), '.'),
    line(
      'Nothing is taken and no run starts until it can be. Runs at work go on, and what they did is told then; all goes on by itself.',
    ),
    line(code('nightdesk doctor'), ' on the host says more; its system log may say why.'),
  ],
  end: [line('▶️ The disk of ', bold(hostName), ' can be written again. It could not be since ', dateTime(since), '.')],
});

export const slowDiskFault = (hostName: string, tookMs: number): FaultTexts => ({
  begin: [
    line(
      '🐌 The disk of ',
      bold(hostName),
      ` is slow: a small file took ${(tookMs / 1000).toFixed(1)} s to be written.`,
    ),
    line('Nothing is lost, but answers come late, and a chat may say that nothing answered.'),
    line('Look for what keeps it busy, or set ', code('dataDirectory'), ' in nightdesk.yaml to another disk.'),
  ],
  end: [line('▶️ The disk of ', bold(hostName), ' is quick again.')],
});

export const storeFault = (hostName: string, said: string): FaultTexts => ({
  begin: [
    line('⚠️ The database of nightdesk on ', bold(hostName), ' reports a fault: ', code(said), '.'),
    line('Runs may not be started or told. ', code('nightdesk doctor'), ' and the log on the host say more.'),
  ],
  end: [line('▶️ The database of nightdesk on ', bold(hostName), ' has reported no fault for 10 min.')],
});

export const projectFault = (hostName: string, project: string): FaultTexts => ({
  begin: [
    line('📁 The folder of project ', code(project), ' is not there on ', bold(hostName), '.'),
    line('Its runs fail until it is back, or nightdesk.yaml names another place.'),
  ],
  end: [
    line(
      '▶️ The folder of project ',
      code(project),
      ' on ',
      bold(hostName),
      ' is there again, or not asked for any more.',
    ),
  ],
});

export const claudeFault = (hostName: string, program: string): FaultTexts => ({
  begin: [
    line('🔧 ', code(program), ' is not found on ', bold(hostName), '.'),
    line('Every run fails until it is. ', code('nightdesk doctor'), ' there says where it is looked for.'),
  ],
  end: [line('▶️ Claude Code is found on ', bold(hostName), ' again.')],
});

export const deliveryFault = (
  hostName: string,
  { channel, count, lastError }: { channel: string; count: number; lastError: string | null },
): FaultTexts => ({
  begin: [
    line(
      '📭 ',
      bold(hostName),
      ' has not got through to ',
      code(channel),
      ` for an hour: ${plural(count, 'message')} waiting.`,
    ),
    ...(lastError === null ? [] : [line('The last answer: ', code(lastError))]),
    line('Runs go on, nothing is lost, and it is tried again. The page has every result.'),
  ],
  end: [line('▶️ ', bold(hostName), ' gets through to ', code(channel), ' again.')],
});

export const configurationFault = (hostName: string, said: string): FaultTexts => ({
  begin: [
    line(
      '⚠️ ',
      bold(hostName),
      ' was told to read its configuration again and did not take it over; it goes on with the one it has.',
    ),
    output(said),
  ],
  end: [line('▶️ The configuration of ', bold(hostName), ' is taken over.')],
});
