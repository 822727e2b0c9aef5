import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { doubled, orphan, type ChaosFault } from './fault.ts';

/** No stand-in was started twice for one attempt, and none while something of an earlier one was alive in its folder. */
export function checkLaunches(root: string): ChaosFault[] {
  const path = join(root, 'launches');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  const seen = new Set<string>();
  return lines.flatMap((line) => {
    const [session = '', folder = ''] = line.split(' ');
    const others = line.slice(line.indexOf('others:') + 'others:'.length).trim();
    const isAgain = seen.has(session);
    seen.add(session);
    return [
      ...(isAgain ? [doubled(`Claude was started twice for ${folder}`)] : []),
      ...(others === '' ? [] : [orphan(`${others} was still alive when ${folder} began`)]),
    ];
  });
}
