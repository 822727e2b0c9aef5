/** One file that can't be used, and what is said about it: for each fault its two lines. */
export interface MalformedConfig {
  title: string;
  yaml: string;
  faults: [said: string, allowed: string][];
}

export const malformedConfigs: MalformedConfig[] = [
  {
    title: 'a folder with a NUL in its name',
    yaml: `dataDirectory: "a\\0b"
projects: { api: { path: "c\\0" } }`,
    faults: [
      [
        'line 1 · dataDirectory: given "a\\u0000b", which has a NUL in it',
        'a folder: absolute, from ~, or relative to this file',
      ],
      [
        'line 2 · projects.api.path: given "c\\u0000", which has a NUL in it',
        'a folder: absolute, from ~, or relative to this file',
      ],
    ],
  },
  {
    title: 'an unknown key names the nearest',
    yaml: `projcts:
  api: { path: . }`,
    faults: [
      [
        'line 1 · projcts: unknown key. Did you mean `projects`?',
        'host, dataDirectory, commandName, claude, projects, channels, defaults, access, alerts, digest, disk, retention, web, slack, discord',
      ],
    ],
  },
  {
    title: 'no project at all',
    yaml: '',
    faults: [['projects: names no project', 'at least one, such as `projects: { api: { path: ~/src/api } }`']],
  },
  {
    title: 'projects without a single one',
    yaml: 'projects: {}',
    faults: [['line 1 · projects: names no project', 'at least one, such as `projects: { api: { path: ~/src/api } }`']],
  },
  {
    title: 'projects as a list',
    yaml: `projects:
  - api`,
    faults: [['line 1 · projects: given a list', 'a map from a name to its project']],
  },
  {
    title: 'a list in place of the map',
    yaml: `- host
- projects`,
    faults: [['given a list', 'a map of its keys']],
  },
  {
    title: 'a text in place of the map',
    yaml: 'nightdesk',
    faults: [['given "nightdesk"', 'a map of its keys']],
  },
  {
    title: 'a section that is no map',
    yaml: `web: 7433
projects: { api: { path: . } }`,
    faults: [['line 1 · web: given 7433', 'a map of its keys']],
  },
  {
    title: 'a project without a path',
    yaml: `projects:
  api:
    base: main`,
    faults: [['line 2 · projects.api.path: missing', 'a folder: absolute, from ~, or relative to this file']],
  },
  {
    title: 'a project with nothing behind its name',
    yaml: `projects:
  api:`,
    faults: [['line 2 · projects.api.path: missing', 'a folder: absolute, from ~, or relative to this file']],
  },
  {
    title: 'a misspelt key of a project',
    yaml: `projects:
  api: { path: ., worksapce: in-place }`,
    faults: [
      [
        'line 2 · projects.api.worksapce: unknown key. Did you mean `workspace`?',
        'path, workspace, base, setup, copy, allowedTools, checks, push',
      ],
    ],
  },
  {
    title: 'a kind of workspace that is none',
    yaml: `projects:
  api: { path: ., workspace: inplace }`,
    faults: [['line 2 · projects.api.workspace: given "inplace". Did you mean `in-place`?', 'worktree, in-place']],
  },
  {
    title: 'a project with a space in its name',
    yaml: `projects:
  my api: { path: . }`,
    faults: [
      ['line 2 · projects.my api: given the name "my api"', 'a name of letters, digits, `.`, `_` and `-`, up to 40'],
    ],
  },
  {
    title: 'a project with the name of a key of access',
    yaml: `projects:
  admins: { path: . }`,
    faults: [
      [
        'line 2 · projects.admins: given the name "admins", which is a key of `access`',
        'a name of letters, digits, `.`, `_` and `-`, up to 40',
      ],
    ],
  },
  {
    title: 'a path that is a file',
    yaml: `projects:
  api: { path: some.file }`,
    faults: [['line 2 · projects.api.path: /srv/desk/some.file is no folder', 'a folder']],
  },
  {
    title: 'an empty path',
    yaml: `projects:
  api: { path: " " }`,
    faults: [['line 2 · projects.api.path: given " "', 'a folder: absolute, from ~, or relative to this file']],
  },
  {
    title: 'worktrees of what is no repository',
    yaml: `projects:
  api: { path: plain, workspace: worktree }`,
    faults: [
      [
        'line 2 · projects.api.workspace: worktree, but /srv/desk/plain is no git repository',
        '`in-place`, or `git init` in that folder first',
      ],
    ],
  },
  {
    title: 'two projects in place in one folder',
    yaml: `projects:
  api: { path: plain }
  web: { path: ./plain/ }`,
    faults: [
      [
        'line 3 · projects.web.path: /srv/desk/plain is the folder of project api too, and both run in place',
        'a folder that no other project runs in',
      ],
    ],
  },
  {
    title: 'a data directory inside a project that runs in place',
    yaml: `dataDirectory: plain/data
projects:
  api: { path: plain }`,
    faults: [
      [
        'line 1 · dataDirectory: /srv/desk/plain/data lies in the project api, which runs in place: a run could commit or delete it',
        'a folder outside of every project that runs in place',
      ],
    ],
  },
  {
    title: 'a branch that git would read as an option',
    yaml: `projects:
  api: { path: ., base: --force }`,
    faults: [['line 2 · projects.api.base: given "--force"', 'a branch, such as main']],
  },
  {
    title: 'a push rule that is none',
    yaml: `projects:
  api: { path: ., push: sucess }`,
    faults: [['line 2 · projects.api.push: given "sucess". Did you mean `success`?', 'never, success, always']],
  },
  {
    title: 'a push from a project that is worked in place',
    yaml: `projects:
  api: { path: plain, push: always }`,
    faults: [
      [
        'line 2 · projects.api.push: always, but /srv/desk/plain is worked in place, which makes no branch',
        '`never`, or `workspace: worktree`',
      ],
    ],
  },
  {
    title: 'a file to copy from outside of the project',
    yaml: `projects:
  api: { path: ., copy: [.env, ../secrets] }`,
    faults: [
      [
        'line 2 · projects.api.copy[1]: given "../secrets", which lies outside of the project',
        'a file inside the project, relative to it, such as .env',
      ],
    ],
  },
  {
    title: 'a check that is a map because of its colon',
    yaml: `projects:
  api:
    path: .
    checks:
      - $ npm test: all`,
    faults: [
      [
        'line 5 · projects.api.checks[0]: given a map',
        'a command such as "$ npm test", or a sentence to be judged, in quotes',
      ],
    ],
  },
  {
    title: 'a check with an empty text',
    yaml: `projects:
  api: { path: ., checks: [""] }`,
    faults: [
      [
        'line 2 · projects.api.checks[0]: given ""',
        'a command such as "$ npm test", or a sentence to be judged, in quotes',
      ],
    ],
  },
  {
    title: 'a command check without its space',
    yaml: `projects:
  api: { path: ., checks: [$npm test] }`,
    faults: [
      [
        'line 2 · projects.api.checks[0]: given "$npm test", which is no command: a space and the command follow the $',
        'a command such as "$ npm test", or a sentence to be judged, in quotes',
      ],
    ],
  },
  {
    title: 'checks as one text',
    yaml: `projects:
  api: { path: ., checks: $ npm test }`,
    faults: [['line 2 · projects.api.checks: given "$ npm test"', 'a list of checks, such as ["$ npm test"]']],
  },
  {
    title: 'allowed tools as one text',
    yaml: `claude: { allowedTools: Bash }
projects: { api: { path: . } }`,
    faults: [['line 1 · claude.allowedTools: given "Bash"', 'a list of tools, such as [Bash]']],
  },
  {
    title: 'an empty set-up command',
    yaml: `projects:
  api: { path: ., setup: "" }`,
    faults: [['line 2 · projects.api.setup: given ""', 'a shell command, such as npm ci']],
  },
  {
    title: 'concurrency in words',
    yaml: `host: { concurrency: two }
projects: { api: { path: . } }`,
    faults: [['line 1 · host.concurrency: given "two"', 'a whole number from 1 to 64']],
  },
  {
    title: 'concurrency of none',
    yaml: `host: { concurrency: 0 }
projects: { api: { path: . } }`,
    faults: [['line 1 · host.concurrency: given 0', 'a whole number from 1 to 64']],
  },
  {
    title: 'concurrency with nothing behind it',
    yaml: `host:
  concurrency:
projects: { api: { path: . } }`,
    faults: [['line 2 · host.concurrency: given nothing', 'a whole number from 1 to 64']],
  },
  {
    title: 'a zone with a slip',
    yaml: `host: { zone: Europe/Berln }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · host.zone: given "Europe/Berln", which is no time zone. Did you mean `Europe/Berlin`?',
        'an IANA time zone, such as Europe/Berlin or UTC',
      ],
    ],
  },
  {
    title: 'an offset in place of a zone',
    yaml: `host: { zone: "+02:00" }
projects: { api: { path: . } }`,
    faults: [
      ['line 1 · host.zone: given "+02:00", which is no time zone', 'an IANA time zone, such as Europe/Berlin or UTC'],
    ],
  },
  {
    title: 'a time of day that is none',
    yaml: `host: { nightlyAt: 2am }
projects: { api: { path: . } }`,
    faults: [['line 1 · host.nightlyAt: given "2am"', 'a time from 00:00 to 23:59, such as 02:00']],
  },
  {
    title: 'a program with its arguments in one text',
    yaml: `claude: { command: npx claude }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.command: given "npx claude"',
        'one word, such as claude or ~/bin/claude, or a list of words, such as [npx, claude]',
      ],
    ],
  },
  {
    title: 'a command of no words',
    yaml: `claude: { command: [] }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.command[0]: missing',
        'one word, such as claude or ~/bin/claude, or a list of words, such as [npx, claude]',
      ],
    ],
  },
  {
    title: 'a permission mode with a slip',
    yaml: `claude: { permissionMode: acceptEdit }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.permissionMode: given "acceptEdit". Did you mean `acceptEdits`?',
        'acceptEdits, auto, bypassPermissions, dontAsk, plan',
      ],
    ],
  },
  {
    title: 'a variable that is not set',
    yaml: `claude: { env: [ANTHROPIC_API_KEY] }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.env[0]: ANTHROPIC_API_KEY is not set in the environment of nightdesk',
        'a variable that is set there',
      ],
    ],
  },
  {
    title: 'a reference to a variable that is not set',
    yaml: `claude: { env: { CACHE: "\${CACHE_ROOT}/claude" } }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.env.CACHE: CACHE_ROOT is not set in the environment of nightdesk',
        'a variable that is set there',
      ],
    ],
  },
  {
    title: 'a reference that is not closed',
    yaml: `claude: { env: { CACHE: "\${HOME/claude" } }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.env.CACHE: has a ${ that is no ${NAME}',
        'a list of names such as [ANTHROPIC_API_KEY], or a map from NAME to a text that may hold ${NAME}',
      ],
    ],
  },
  {
    title: 'a variable in the form of a shell',
    yaml: `claude: { env: [CACHE=/tmp] }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.env[0]: given NAME=value; a value stands behind a colon, as in NAME: value',
        'a list of names such as [ANTHROPIC_API_KEY], or a map from NAME to a text that may hold ${NAME}',
      ],
    ],
  },
  {
    title: 'a variable with a dash in its name',
    yaml: `claude: { env: { MY-CACHE: /tmp } }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.env.MY-CACHE: given "MY-CACHE", no name of a variable',
        'a list of names such as [ANTHROPIC_API_KEY], or a map from NAME to a text that may hold ${NAME}',
      ],
    ],
  },
  {
    title: 'a variable of a nested session',
    yaml: `claude: { env: [CLAUDECODE] }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.env[0]: CLAUDECODE is never passed on: Claude Code would refuse to start',
        'a list of names such as [ANTHROPIC_API_KEY], or a map from NAME to a text that may hold ${NAME}',
      ],
    ],
  },
  {
    title: "the bot's own token",
    yaml: `claude: { env: { CHAT: "\${SLACK_BOT_TOKEN}" } }
projects: { api: { path: . } }`,
    faults: [
      [
        "line 1 · claude.env.CHAT: SLACK_BOT_TOKEN is never passed on: it is nightdesk's own",
        'a list of names such as [ANTHROPIC_API_KEY], or a map from NAME to a text that may hold ${NAME}',
      ],
    ],
  },
  {
    title: 'a secret written out, by its name',
    yaml: `claude: { env: { DB_PASSWORD: hunter2 } }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.env.DB_PASSWORD: a secret is written here (not shown): write DB_PASSWORD: ${DB_PASSWORD}',
        'a list of names such as [ANTHROPIC_API_KEY], or a map from NAME to a text that may hold ${NAME}',
      ],
    ],
  },
  {
    title: 'a secret written out, by its shape',
    yaml: `projects:
  api: { path: ., setup: "TOKEN=ghp_012345678901234567890123456789abcdef npm ci" }`,
    faults: [
      [
        'line 2 · projects.api.setup: a secret is written here (not shown)',
        'secrets from the environment only: set a variable there and name it in `claude.env`',
      ],
    ],
  },
  {
    title: 'a secret as the value of an unknown key',
    yaml: `slackToken: xoxb-0123456789-abcdefghij
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · slackToken: a secret is written here (not shown)',
        'secrets from the environment only: set a variable there and name it in `claude.env`',
      ],
      [
        'line 1 · slackToken: unknown key',
        'host, dataDirectory, commandName, claude, projects, channels, defaults, access, alerts, digest, disk, retention, web, slack, discord',
      ],
    ],
  },
  {
    title: 'a channel without its platform',
    yaml: `channels: { general: { project: api } }
projects: { api: { path: . } }`,
    faults: [
      ['line 1 · channels.general: given the name "general"', 'a channel such as `web:general` or `slack:C012AB3CD`'],
    ],
  },
  {
    title: 'a channel with a project that is not there',
    yaml: `projects:
  api: { path: . }
channels:
  web:general: { project: appi }`,
    faults: [['line 4 · channels.web:general.project: given "appi". Did you mean `api`?', 'a project: api']],
  },
  {
    title: 'a channel with a zone that is none',
    yaml: `channels: { "web:general": { zone: Mars/Olympus } }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · channels.web:general.zone: given "Mars/Olympus", which is no time zone',
        'an IANA time zone, such as Europe/Berlin or UTC',
      ],
    ],
  },
  {
    title: 'a time limit without a unit',
    yaml: `defaults: { timeout: 120 }
projects: { api: { path: . } }`,
    faults: [
      ['line 1 · defaults.timeout: given 120', 'a duration with its unit, from 1 min to 7 days: 2h, 90m, 1h30m'],
    ],
  },
  {
    title: 'a time limit that is no duration',
    yaml: `defaults: { timeout: two hours }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · defaults.timeout: given "two hours", which is no duration',
        'a duration with its unit, from 1 min to 7 days: 2h, 90m, 1h30m',
      ],
    ],
  },
  {
    title: 'a judge that may take all night',
    yaml: `claude: { judgeTimeout: 8h }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · claude.judgeTimeout: given "8h", which is 8 h',
        'a duration with its unit, from 1 s to 2 h: 2h, 90m, 1h30m',
      ],
    ],
  },
  {
    title: 'a time limit of weeks',
    yaml: `defaults: { timeout: 2 weeks }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · defaults.timeout: given "2 weeks", which is 14 days',
        'a duration with its unit, from 1 min to 7 days: 2h, 90m, 1h30m',
      ],
    ],
  },
  {
    title: 'retries below none',
    yaml: `defaults: { retries: -1 }
projects: { api: { path: . } }`,
    faults: [['line 1 · defaults.retries: given -1', 'a whole number from 0 to 20']],
  },
  {
    title: 'a budget in another currency',
    yaml: `defaults: { budget: 5€ }
projects: { api: { path: . } }`,
    faults: [['line 1 · defaults.budget: given "5€"', 'US dollars, more than 0: 5, 2.50, $5']],
  },
  {
    title: 'a budget of nothing',
    yaml: `defaults: { budget: 0 }
projects: { api: { path: . } }`,
    faults: [['line 1 · defaults.budget: given 0', 'US dollars, more than 0: 5, 2.50, $5']],
  },
  {
    title: 'a rule of notification that is none',
    yaml: `defaults: { notify: failures }
projects: { api: { path: . } }`,
    faults: [['line 1 · defaults.notify: given "failures". Did you mean `failure`?', 'failure, always, never']],
  },
  {
    title: 'a rule of overlaps that is none',
    yaml: `defaults: { overlap: queues }
projects: { api: { path: . } }`,
    faults: [['line 1 · defaults.overlap: given "queues". Did you mean `queue`?', 'skip, queue, cancel, allow']],
  },
  {
    title: 'a rule of catching up that is none',
    yaml: `defaults: { catchUp: true }
projects: { api: { path: . } }`,
    faults: [['line 1 · defaults.catchUp: given true', 'skip, latest, all']],
  },
  {
    title: 'a window of more than a week',
    yaml: `defaults: { catchUpWithin: 8 days }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · defaults.catchUpWithin: given "8 days", which is 8 days',
        'a duration with its unit, from 1 min to 7 days: 2h, 90m, 1h30m',
      ],
    ],
  },
  {
    title: 'a role that is none',
    yaml: `access: { "*": { member: ["web:*"] } }
projects: { api: { path: . } }`,
    faults: [['line 1 · access.*.member: unknown key. Did you mean `members`?', 'viewers, members, maintainers']],
  },
  {
    title: 'a person without a platform',
    yaml: `access: { admins: [ada] }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · access.admins[0]: given "ada"',
        'a person such as `web:ada`, a group such as `slack:S012AB3CD`, or `web:*` for everybody there',
      ],
    ],
  },
  {
    title: 'a person that the page does not have',
    yaml: `access: { admins: ["web:adda"] }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · access.admins[0]: given "web:adda", which is not in `web.people`. Did you mean `web:ada`?',
        'a person such as `web:ada`, a group such as `slack:S012AB3CD`, or `web:*` for everybody there',
      ],
    ],
  },
  {
    title: 'access to a project that is not there',
    yaml: `projects:
  api: { path: . }
access: { apo: { viewers: ["web:*"] } }`,
    faults: [['line 3 · access.apo: unknown key. Did you mean `api`?', '*, api, admins']],
  },
  {
    title: 'a port out of range',
    yaml: `web: { port: 70000 }
projects: { api: { path: . } }`,
    faults: [['line 1 · web.port: given 70000', 'a whole number from 0 to 65535; 0 takes any free port']],
  },
  {
    title: 'an outside address with a path',
    yaml: `web: { url: https://example.org/desk }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · web.url: given "https://example.org/desk", which is no address of a page without a path',
        'http:// or https:// with a host and nothing behind it, such as https://desk.example.org',
      ],
    ],
  },
  {
    title: 'nobody on the page',
    yaml: `web: { people: [] }
projects: { api: { path: . } }`,
    faults: [['line 1 · web.people: given an empty list', 'a list of at least one name, such as [ada, grace]']],
  },
  {
    title: 'a person of the page with a colon',
    yaml: `web: { people: ["web:ada"] }
projects: { api: { path: . } }`,
    faults: [['line 1 · web.people[0]: given "web:ada"', 'a name of letters, digits, `.`, `_` and `-`']],
  },
  {
    title: 'a command name without its slash',
    yaml: `commandName: claude
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · commandName: given "claude"',
        'a slash and up to 32 small letters, digits, `_` or `-`, such as /claude',
      ],
    ],
  },
  {
    title: 'a key that stands twice',
    yaml: `host: { concurrency: 2 }
host: { name: box }
projects: { api: { path: . } }`,
    faults: [['line 2 · host: this key stands twice', 'each key once']],
  },
  {
    title: 'a bracket that is not closed',
    yaml: `projects:
  api: { path: .
web: {}`,
    faults: [
      [
        `line 3, column 1: this can't be read as YAML: Flow map in block collection must be sufficiently indented and end with a }
    | web: {}
    | ^`,
        'YAML with spaces for indentation; text with `: `, ` #` or a special first character in quotes',
      ],
    ],
  },
  {
    title: 'a tab as indentation',
    yaml: `host:
	name: box`,
    faults: [
      [
        `line 2, column 1: this can't be read as YAML: Tabs are not allowed as indentation
    | 	name: box
    | ^`,
        'YAML with spaces for indentation; text with `: `, ` #` or a special first character in quotes',
      ],
    ],
  },
  {
    title: 'a colon in a text without quotes',
    yaml: `commandName: a: b
projects: { api: { path: . } }`,
    faults: [
      [
        `line 1, column 14: this can't be read as YAML: Nested mappings are not allowed in compact mappings
    | commandName: a: b
    |              ^`,
        'YAML with spaces for indentation; text with `: `, ` #` or a special first character in quotes',
      ],
    ],
  },
  {
    title: 'an alias without its anchor',
    yaml: `defaults: *night
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1: `*night` refers to an anchor that is not set before it',
        '`&night` before it, or quotes around a text that begins with *',
      ],
    ],
  },
  {
    title: 'aliases of aliases without end',
    yaml: Array.from(
      'abcdef',
      (name, at) => `${name}: &${name} [${`*${' abcde'[at]},`.repeat(at === 0 ? 0 : 9)}x]`,
    ).join('\n'),
    faults: [
      [
        'refers to its anchors more often than can be read',
        'an anchor that is referred to by hundreds of keys at most, and none inside of another',
      ],
    ],
  },
  {
    title: 'two documents',
    yaml: `host: {}
---
web: {}`,
    faults: [
      [
        `line 2, column 1: this can't be read as YAML: a second document begins here
    | ---
    | ^`,
        'YAML with spaces for indentation; text with `: `, ` #` or a special first character in quotes',
      ],
    ],
  },
  {
    title: 'a channel for alerts without its platform',
    yaml: `alerts: ops
projects: { api: { path: . } }`,
    faults: [['line 1 · alerts: given "ops"', 'a channel such as `web:general` or `slack:C012AB3CD`']],
  },
  {
    title: 'a digest at no time of the day, for one channel that is no list, in no zone',
    yaml: `digest: { time: 8am, zone: Europe/Berln, channels: web:general }
projects: { api: { path: . } }`,
    faults: [
      ['line 1 · digest.time: given "8am"', 'a time from 00:00 to 23:59, such as 08:00'],
      [
        'line 1 · digest.zone: given "Europe/Berln", which is no time zone. Did you mean `Europe/Berlin`?',
        'an IANA time zone, such as Europe/Berlin or UTC',
      ],
      ['line 1 · digest.channels: given "web:general"', 'a list of channels, such as [web:general]'],
    ],
  },
  {
    title: 'room on the disk and times to keep things that are none, or too short',
    yaml: `disk: { minFree: 200 }
retention: { logs: 2h, worktrees: always, size: 120%, runs: 6 days }
projects: { api: { path: . } }`,
    faults: [
      ['line 1 · disk.minFree: given 200', 'a size such as 500 MB or 1.5 GB, or a share of the disk such as 2%'],
      [
        'line 2 · retention.logs: given "2h", which is 2 h',
        'a duration with its unit, at least 1 day, such as 30 days, or never',
      ],
      [
        'line 2 · retention.worktrees: given "always", which is no duration',
        'a duration with its unit, at least 1 h, such as 30 days, or never',
      ],
      [
        'line 2 · retention.size: given "120%", which is no size',
        'a size such as 500 MB or 1.5 GB, or a share of the disk such as 2%',
      ],
      [
        'line 2 · retention.runs: given "6 days", which is 6 days',
        'a duration with its unit, at least 7 days, such as 30 days, or never',
      ],
    ],
  },
  {
    title: 'a mode of Slack that there is not',
    yaml: `slack: { mode: sockets }
projects: { api: { path: . } }`,
    faults: [['line 1 · slack.mode: given "sockets". Did you mean `socket`?', 'socket, http']],
  },
  {
    title: 'an address of Slack that is none',
    yaml: `slack: { apiUrl: slack.com, path: events }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · slack.apiUrl: given "slack.com", which is no address',
        'an http:// or https:// address, such as https://slack.com/api/',
      ],
      ['line 1 · slack.path: given "events"', 'a path, such as /slack/events'],
    ],
  },
  {
    title: 'a token of Slack in the file',
    yaml: `slack: { botToken: xoxb-0123456789-abcdefghij }
projects: { api: { path: . } }`,
    faults: [
      [
        'line 1 · slack.botToken: a secret is written here (not shown)',
        'tokens from the environment only: SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET',
      ],
      ['line 1 · slack.botToken: unknown key', 'mode, apiUrl, host, port, path'],
    ],
  },
  {
    title: 'a server of Discord as a number, and an API that is no address',
    yaml: `discord: { guild: 123456789012345678, restUrl: discord.com/api }
projects: { api: { path: . } }`,
    faults: [
      ['line 1 · discord.guild: given 123456789012345680', 'the id of a server, in quotes: "123456789012345678"'],
      [
        'line 1 · discord.restUrl: given "discord.com/api", which is no address of an API',
        'http:// or https:// with the path before the version, such as https://discord.com/api',
      ],
    ],
  },
];
