export interface InitFacts {
  /** By name; the first ones are switched on. */
  projects: { name: string; path: string; setup: string | undefined }[];
  zone: string;
  person: string;
  /** The CLI, where it was found. */
  claude: { path: string; isInPath: boolean } | undefined;
  /** Variables with a login of Claude Code that are set where `init` runs. */
  loginVariables: readonly string[];
  /** Where the data directory should be, if not beside the file. */
  dataDirectory: string | undefined;
  /** Path of the JSON schema, where there is one. */
  schemaPath: string | undefined;
}

/** So many projects are switched on: whoever may schedule may have Claude work in each of them. */
const switchedOn = 10;

/** The text of a first nightdesk.yaml. What was found stands in it; what has a good default is a comment. */
export function renderConfig(facts: InitFacts): string {
  const { zone, person, claude, loginVariables, dataDirectory, schemaPath } = facts;
  const lines = [
    ...(schemaPath === undefined ? [] : [`# yaml-language-server: $schema=${schemaPath}`]),
    '# What nightdesk goes by. docs/configuration.md describes every key; `nightdesk doctor` checks it all.',
    '# Secrets never stand here: they come from the environment.',
    '',
    '# The folders that jobs may work in. Each run works in a git worktree on a branch of its own.',
    'projects:',
    ...projectLines(facts.projects),
    '',
    'host:',
    `  zone: ${quote(zone)} # of schedules that name none`,
    '  # concurrency: 2 # how many runs work at once',
    '  # nightlyAt: 02:00 # what "nightly" means',
    '',
    ...(dataDirectory === undefined
      ? ['# dataDirectory: .nightdesk # database, worktrees and the files of runs']
      : ['# Database, worktrees and the files of runs.', `dataDirectory: ${quote(dataDirectory)}`]),
    '',
    'claude:',
    claude === undefined || claude.isInPath
      ? `  # command: ${quote(claude?.path ?? '~/.local/bin/claude')} # for a service, whose PATH is a short one`
      : `  command: ${quote(claude.path)}`,
    '  # What runs get of the environment, beside PATH, HOME and the like. As a service: CLAUDE_CODE_OAUTH_TOKEN, which',
    '  # `claude setup-token` makes. With ANTHROPIC_API_KEY runs are billed to the API.',
    ...loginLines(loginVariables),
    '  permissionMode: acceptEdits',
    '  allowedTools: [Bash] # any command; docs/configuration.md has the tighter forms',
    '',
    '# defaults: # of jobs that name none',
    '#   timeout: 2h # of an attempt',
    '#   retries: 2',
    '#   budget: $5 # of a run, over all of its attempts',
    '',
    'web:',
    `  people: [${quote(person)}] # each has a link to the page`,
    '  # port: 7433',
    '',
    '# discord: # with DISCORD_TOKEN in the environment; docs/discord.md',
    '#   guild: "123456789012345678" # the server; its id in quotes',
  ];
  return `${lines.join('\n')}\n`;
}

function projectLines(projects: InitFacts['projects']): string[] {
  if (projects.length === 0) {
    return ['  # No git repository was found near. Put yours here:', '  api:', '    path: ~/src/api'];
  }
  return projects.flatMap(({ name, path, setup }, index) => {
    const sign = index < switchedOn ? '  ' : '  # ';
    const lines = [
      `${sign}${name}:`,
      `${sign}  path: ${quote(path)}`,
      setup === undefined
        ? `${index < switchedOn ? '    # ' : '  #   # '}setup: npm ci # in the worktree, before the first attempt`
        : `${sign}  setup: ${quote(setup)} # in the worktree, before the first attempt`,
    ];
    return index === switchedOn ? ['  # These were found too:', ...lines] : lines;
  });
}

function loginLines(variables: readonly string[]): string[] {
  return variables.includes('CLAUDE_CODE_OAUTH_TOKEN')
    ? ['  env: [CLAUDE_CODE_OAUTH_TOKEN]']
    : [`  # env: [${variables[0] ?? 'CLAUDE_CODE_OAUTH_TOKEN'}]`];
}

/** Plain where YAML reads it as the same text. */
const quote = (text: string): string =>
  /^(?!(?:true|false|null)$)[~/A-Za-z][\w/ .+-]*\w$/i.test(text) ? text : JSON.stringify(text);
