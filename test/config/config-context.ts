import type { ConfigContext } from '../../src/config/context.ts';

/** A host on which every path is a git repository, but `plain…` is none, `gone…` is missing and `….file` is a file. */
export const testContext: ConfigContext = {
  path: '/srv/desk/nightdesk.yaml',
  env: {
    PATH: '/usr/bin',
    HOME: '/home/ada',
    LANG: 'C.UTF-8',
    SLACK_BOT_TOKEN: 'the-bots-own',
    DISCORD_TOKEN: 'the-bots-own-on-discord',
    EMPTY: '',
    CACHE: '/cache',
  },
  hostname: 'box',
  hostZone: 'Europe/Berlin',
  userName: 'ada',
  homeDirectory: '/home/ada',
  lookAt(path) {
    if (/\/plain/.test(path)) return { kind: 'directory', realPath: path };
    if (/\/gone/.test(path)) return { kind: 'missing', realPath: path };
    if (/\/part/.test(path)) return { kind: 'inside-repository', realPath: path };
    if (/\/link-to-/.test(path)) return { kind: 'directory', realPath: path.replace('link-to-', '') };
    return { kind: path.endsWith('.file') ? 'other' : 'repository', realPath: path };
  },
};
