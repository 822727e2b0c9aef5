import type { PushResult } from '../../model/attempt.ts';
import { code, line, link, type Block } from '../../model/message.ts';
import { renderUserText } from './user-text.ts';

/** Where a run's work is and how to get at it. The branch is in the project's own repository in any case. */
export function reachBlocks(branch: string, push: PushResult | undefined): Block[] {
  const here = line(
    'In the project, ',
    code(`git log -p HEAD..${branch}`),
    ' shows it and ',
    code(`git merge ${branch}`),
    ' takes it over.',
  );
  if (push === undefined) return [here];
  if (push.kind === 'not-pushed') {
    const where = push.remote === null ? '' : ` to \`${push.remote}\``;
    return [...renderUserText(`The branch could not be pushed${where}: ${push.why}`), here];
  }
  const { remote, webUrl } = push;
  if (webUrl !== null) return [line('Pushed to ', code(remote), ': ', link(webUrl, webUrl))];
  return [line('Pushed to ', code(remote), '.'), here];
}
