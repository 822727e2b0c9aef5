import type { Config } from './config-value.ts';
import type { ConfigContext } from './context.ts';
import type { Fault } from './fault.ts';
import { absolutePath, programPath } from './paths.ts';
import { personName } from './person-name.ts';
import { resolveDiscord } from './discord.ts';
import { resolveProjects } from './resolve-projects.ts';
import type { ReadConfig } from './schema.ts';
import { resolveSlack } from './slack.ts';

/**
 * Makes the configuration of what the schema accepted: fills in what the host has to say, resolves paths, and looks at
 * what no single key can show.
 */
export function resolveConfig(read: ReadConfig, context: ConfigContext): { config: Config; faults: Fault[] } {
  const { projects, faults, warnings } = resolveProjects(read, context);
  const slack = read.slack && resolveSlack(read.slack, context.env);
  const discord = read.discord && resolveDiscord(read.discord, context.env);
  const { judgeTimeout, ...claude } = read.claude;
  const channels = channelsOf(read);
  const [program, ...programArguments] = claude.command;
  const config: Config = {
    path: context.path,
    host: { ...read.host, name: read.host.name ?? context.hostname, zone: read.host.zone ?? context.hostZone },
    dataDirectory: absolutePath(read.dataDirectory, context),
    commandName: read.commandName,
    claude: { ...claude, command: [programPath(program, context), ...programArguments], judgeTimeoutMs: judgeTimeout },
    projects,
    channels,
    defaults: {
      timeoutMs: read.defaults.timeout,
      retries: read.defaults.retries,
      budgetUsd: read.defaults.budget,
      model: read.defaults.model,
      notify: read.defaults.notify,
      overlap: read.defaults.overlap,
      catchUp: read.defaults.catchUp,
      catchUpWithinMs: read.defaults.catchUpWithin,
    },
    // Without `access`, whoever holds the token of the page may do everything, and nobody else anything.
    access: read.access ?? { admins: ['web:*'], projects: {} },
    alerts: read.alerts,
    digest: read.digest,
    disk: read.disk,
    retention: {
      logsMs: read.retention.logs,
      worktreesMs: read.retention.worktrees,
      branchesMs: read.retention.branches,
      size: read.retention.size,
      runsMs: read.retention.runs,
      rowsMs: read.retention.rows,
      auditMs: read.retention.audit,
    },
    web: {
      ...read.web,
      people: read.web.people ?? [personName(context.userName)],
      metricsToken: context.env[metricsVariable] || undefined,
    },
    slack: slack?.slack,
    discord: discord?.discord,
    warnings: [...warnings, ...otherWarnings(read)],
  };
  const ofPlatforms = [...(slack?.faults ?? []), ...(discord?.faults ?? [])];
  return { config, faults: [...faults, ...ofPlatforms, ...portFaults(read), ...metricsFaults(context)] };
}

/**
 * Those with defaults, and those that something is told in. The page needs a channel to show, so it has `web:general` where none
 * of its channels is named.
 */
function channelsOf({ channels: given, alerts, digest }: ReadConfig): Config['channels'] {
  const named = Object.entries(given);
  const usual = named.some(([key]) => key.startsWith('web:')) ? [] : ['web:general'];
  const told = [...(alerts === undefined ? [] : [alerts]), ...digest.channels];
  return new Map([...[...usual, ...told].map((channel) => [channel, {}] as const), ...named]);
}

const metricsVariable = 'NIGHTDESK_METRICS_TOKEN';
const shortestToken = 16;

/** A word that can be guessed would open the metrics to everybody who reaches the page. */
function metricsFaults({ env }: ConfigContext): Fault[] {
  const length = env[metricsVariable]?.length ?? 0;
  if (length === 0 || length >= shortestToken) return [];
  const said = `${metricsVariable} has ${length} characters`;
  return [{ key: ['web'], said, allowed: `at least ${shortestToken}, such as \`openssl rand -hex 24\` makes` }];
}

/** Two listeners can't have the same port. */
function portFaults({ web, slack }: ReadConfig): Fault[] {
  if (slack?.mode !== 'http' || slack.port === 0 || slack.port !== web.port) return [];
  return [{ key: ['slack', 'port'], said: `given ${slack.port}, which web.port has`, allowed: 'a port of its own' }];
}

function otherWarnings(read: ReadConfig): string[] {
  const { access, web } = read;
  const warnings = [];
  for (const [platform, name] of [
    ['slack', 'Slack'],
    ['discord', 'Discord'],
  ] as const) {
    const named = [...channelsOf(read).keys()].filter((channel) => channel.startsWith(`${platform}:`));
    if (read[platform] !== undefined || named.length === 0) continue;
    warnings.push(`${named.join(', ')} can't be reached: without \`${platform}\` in the file ${name} is off`);
  }
  const lists = Object.values(access?.projects ?? {}).flatMap((project) => Object.values(project).flat());
  if (access && access.admins.length + lists.length === 0)
    warnings.push('access names nobody, so nobody may do anything');
  if (!/^(?:localhost|127(?:\.\d+){3}|::1)$/.test(web.host)) {
    warnings.push(`web.host ${web.host} is reached from outside of this machine: put TLS in front of it`);
  }
  return warnings;
}
