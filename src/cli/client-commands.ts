import type { Command } from 'commander';
import * as z from 'zod';

import { findConfigPath } from '../config.ts';
import { createTokens } from '../web/tokens.ts';
import { createApiClient, notOurs, type ApiClient } from './api-client.ts';
import { readBotAddress } from './bot-address.ts';
import { CliProblem } from './cli-problem.ts';
import { loadClientConfig } from './load-client-config.ts';
import { configOption, type ConfigOption } from './config-option.ts';

interface ClientOptions extends ConfigOption {
  json?: true;
}

interface ChatOptions extends ClientOptions {
  channel?: string;
}

interface LogOptions extends ClientOptions {
  attempt?: string;
  follow?: true;
}

type Environment = Record<string, string | undefined>;

const answerSchema = z.object({
  ok: z.boolean(),
  text: z.string(),
  /** The refused command in the page's form. */
  draft: z.object({ url: z.string() }).optional(),
});
const runsSchema = z.object({ runs: z.array(z.object({ id: z.string() })) });
const isRun = /^r?\d+$/i;

/** The commands that talk to a running bot. */
export function addClientCommands(program: Command, env: Environment): void {
  const connect = (options: ConfigOption): Connection => connectTo(options.config, env);
  program
    .command('claude')
    .description('type a command as in chat: nightdesk claude "schedule …"; quote it as one word')
    .argument('[text...]', 'what stands behind /claude; without any, its help')
    .option('--channel <channel>', 'the channel to type in, such as web:general')
    .option('--json', 'the answer as JSON')
    .addOption(configOption())
    .passThroughOptions()
    .allowUnknownOption()
    .action((words: string[], options: ChatOptions) => type(connect(options), words.join(' '), options));
  program
    .command('history')
    .description('list the latest runs')
    .argument('[job]', 'of this job only')
    .option('--json', 'as JSON')
    .addOption(configOption())
    .action((job: string | undefined, options: ClientOptions) => history(connect(options), job, options));
  program
    .command('show')
    .description('show a job, or a run with its proof')
    .argument('<job or run>', 'such as upgrade-deps or r142')
    .option('--json', 'as JSON')
    .addOption(configOption())
    .action((target: string, options: ClientOptions) => show(connect(options), target, options));
  program
    .command('log')
    .description("print a run's transcript")
    .argument('<job or run>', 'such as r142; of a job, its latest run')
    .option('--attempt <n>', 'of this attempt; else the latest')
    .option('--follow', 'go on until the run has ended')
    .option('--json', 'as JSON lines of {text}')
    .addOption(configOption())
    .action((run: string, options: LogOptions) => log(connect(options), run, options));
}

function connectTo(
  configFlag: string | undefined,
  env: Environment,
): { client: ApiClient; url: string; channel: string; pageUrl: string } {
  const config = loadClientConfig(findConfigPath(configFlag, env, process.cwd()), env);
  const url = readBotAddress(config.dataDirectory);
  const [person = 'me'] = config.web.people;
  const token = createTokens(config.dataDirectory, config.web.people).tokenFor(person);
  const channel = [...config.channels.keys()].find((each) => each.startsWith('web:')) ?? 'web:general';
  return { client: createApiClient(url, token), url, channel, pageUrl: config.web.url ?? url };
}

type Connection = ReturnType<typeof connectTo>;

async function type({ client, url, channel, pageUrl }: Connection, text: string, options: Omit<ChatOptions, 'config'>) {
  const body = { channel: options.channel ?? channel, text: text.trim() || 'help' };
  const answer = await client.postJson('/api/command', body);
  const { ok, text: said, draft } = readAs(answerSchema, answer, url);
  if (options.json) printJson(answer);
  const form = draft === undefined ? '' : `\n${new URL(draft.url, pageUrl).href}`;
  if (!ok) throw new CliProblem(options.json ? 'The command was refused.' : said + form);
  if (!options.json) print(said);
}

async function history(connection: Connection, job: string | undefined, options: ClientOptions): Promise<void> {
  if (!options.json) return type(connection, `history ${job ?? ''}`, {});
  const query = job === undefined ? '' : `?job=${encodeURIComponent(job)}`;
  printJson(await connection.client.getJson(`/api/runs${query}`));
}

async function show(connection: Connection, target: string, options: ClientOptions): Promise<void> {
  if (!options.json) return type(connection, `show ${target}`, {});
  if (isRun.test(target)) return printJson(await connection.client.getJson(`/api/runs/${encodeURIComponent(target)}`));
  printJson(await connection.client.getJson(`/api/jobs/${encodeURIComponent(target)}`));
}

async function log(connection: Connection, target: string, options: LogOptions) {
  const { client } = connection;
  if (options.attempt !== undefined && !/^[1-9]\d{0,8}$/.test(options.attempt)) {
    throw new CliProblem(`I can't read \`--attempt ${options.attempt}\`. It is a whole number from 1: --attempt 2.`);
  }
  const run = isRun.test(target) ? target : await latestRun(connection, target);
  const query = new URLSearchParams();
  if (options.attempt !== undefined) query.set('attempt', options.attempt);
  if (options.follow) query.set('follow', 'true');
  for await (const part of client.getText(`/api/runs/${encodeURIComponent(run)}/log?${query.toString()}`)) {
    process.stdout.write(options.json ? `${JSON.stringify({ text: part })}\n` : part);
  }
}

function readAs<T>(schema: z.ZodType<T>, answer: unknown, url: string): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw notOurs(url, read.error);
}

async function latestRun({ client, url }: Connection, job: string): Promise<string> {
  const answer = await client.getJson(`/api/runs?limit=1&job=${encodeURIComponent(job)}`);
  const { runs } = readAs(runsSchema, answer, url);
  const [latest] = runs;
  if (latest === undefined)
    throw new CliProblem(`There is no run of a job ${job}. \`nightdesk history\` lists the runs.`);
  return latest.id;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));
