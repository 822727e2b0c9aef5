import { controlEmoji } from '../../../src/bots/control-emoji.ts';
import { renderText } from '../../../src/bots/render-text.ts';
import { joinChecks, splitChecks } from '../../../src/bots/check-lines.ts';
import type { OpenForm } from '../../../src/bots/chat.ts';
import { createFormDesk } from '../../../src/desk/form-desk.ts';
import { createReadDesk } from '../../../src/desk/read-desk.ts';
import {
  actionLabels,
  controlsIn,
  type Action,
  type Block,
  type Control,
  type Message,
} from '../../../src/model/message.ts';
import type { FieldFault } from '../../../src/model/job-form.ts';
import { createTokens } from '../../../src/web/tokens.ts';
import { createWebServer } from '../../../src/web/web-server.ts';
import type { BotProcess } from '../bot-process.ts';
import type { DeskFixture } from '../desk-fixture.ts';
import type { FakeRunner } from '../fake-runner.ts';
import { commandLine } from './command-line.ts';
import {
  cast,
  type Act,
  type Form,
  type Name,
  type Person,
  type Platform,
  type Refused,
  type Seen,
} from './platform.ts';
import { castAccess, createStageTime, forCast, startStage } from './start-stage.ts';

interface MessageJson {
  id: number;
  message: Message;
  text: string;
  attachments: { name: string }[];
  draft?: { id: number };
}

/** The page's server as it runs now, and what people have sent it. */
interface House {
  url: string;
  tokens: Map<Name, string>;
  desk: DeskFixture;
  sent: { person: Name; path: string; body: object; key: string; method: string }[];
}

const general = 'web:general';

export const webPlatform: Platform = {
  name: 'web',
  nature: { groups: undefined, hasMentions: false, faults: [], hasMembership: false, zone: 'UTC' },
  async start(options = {}) {
    const house: House = { url: '', tokens: new Map(), desk: undefined as unknown as DeskFixture, sent: [] };
    const people = forCast((name) => createPerson(house, name));
    const channels = new Map<string, object>([[general, {}]]);
    let stop = async (): Promise<void> => {};
    const faults: unknown[] = [];
    return startStage(
      {
        time: createStageTime(),
        nature: webPlatform.nature,
        people,
        access: castAccess(people, { group: people.cleo.reference, everybody: people.eve.reference }),
        channel: general,
        addChannel(name) {
          channels.set(`web:${name}`, {});
          return `web:${name}`;
        },
        async connected(desk, runner) {
          house.desk = desk;
          stop = await serve(house, { runner, onFault: (error) => `f-${faults.push(error)}` });
        },
        disconnected: () => stop(),
        seen: (channel) => house.desk.chat.channelMessages(channel, page).map(see),
        thread: (of) => house.desk.chat.threadMessages(Number(of.id), page).map(see),
        async redeliver(times) {
          // A reaction is put on and has no key: once it has acted it is off, and the next one is another.
          const before = house.sent.filter(({ path }) => !path.endsWith('/reactions'));
          for (let time = 0; time < times; time += 1) {
            for (const { person, method, path, body, key } of before)
              await ask(house, person, { method, path, body, key });
          }
        },
        limit: () => () => {},
        breakChannel: neverBroken,
        mendChannel: neverBroken,
        violations: () => faults,
        close: async () => {},
      },
      { ...options, settings: { ...options.settings, channels } },
    );
  },
  async startForProcess() {
    const isThere = async (bot: BotProcess, text: string): Promise<boolean> =>
      (await textsOf(bot)).some((each) => each.includes(text));
    return {
      config: {},
      env: {},
      async onStored(text, act, bot) {
        while (!(await isThere(bot, text)));
        act();
      },
      connected: async () => {},
      type(name, options, bot) {
        // The bot is killed before it has answered.
        bot.api('command', { channel: 'general', text: commandLine(name, options) }).catch(() => undefined);
      },
      texts: textsOf,
      stop: async () => {},
    };
  },
};

const page = { limit: 1_000 };

function neverBroken(): never {
  throw new Error('nothing is between nightdesk and its own page');
}

async function textsOf(bot: BotProcess): Promise<string[]> {
  const { messages } = (await bot.api('channels/general/messages')) as { messages: { message: Message }[] };
  return messages.map(({ message }) => readable(message));
}

async function serve(
  house: House,
  { runner, onFault }: { runner: FakeRunner; onFault: (error: unknown) => string },
): Promise<() => Promise<void>> {
  const { store, settings, clock, chat, directory } = house.desk;
  const tokens = createTokens(directory, [...cast]);
  const desks = { store, settings, now: clock.now };
  const server = createWebServer({
    host: '127.0.0.1',
    port: 0,
    zone: 'UTC',
    chat,
    desk: { ...createReadDesk({ ...desks, runner }), ...createFormDesk(desks), lookReady: house.desk.desk.lookReady },
    metrics: { contentType: 'text/plain', render: async () => '' },
    tokens,
    onFault,
  });
  house.url = (await server.start()).url;
  for (const name of cast) house.tokens.set(name, tokens.tokenFor(name));
  return () => server.stop();
}

let keys = 0;

async function ask<Answer>(
  house: House,
  person: Name,
  { method = 'POST', path, body, key }: { method?: string; path: string; body?: object; key?: string },
): Promise<Answer> {
  const sent = { person, method, path, body: body ?? {}, key: key ?? `key-${(keys += 1)}` };
  if (key === undefined && method !== 'GET') house.sent.push(sent);
  const response = await fetch(`${house.url}/api/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${house.tokens.get(person)}`,
      'content-type': 'application/json',
      // The server may close one that is kept just when the next request goes out.
      connection: 'close',
      'idempotency-key': sent.key,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path} → ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

function see(message: { id: number; message: Message; attachments: { name: string }[] }): Seen {
  const content = message.message.flatMap((block) => (block.kind === 'line' ? block.content : []));
  const { message: blocks } = message;
  return {
    id: String(message.id),
    text: readable(blocks),
    buttons: actionsIn(blocks).map(({ kind }) => actionLabels[kind]),
    files: message.attachments.map(({ name }) => name),
    controls: controlsIn(blocks),
    tells: content.flatMap((part) => (typeof part !== 'string' && part.kind === 'person' ? [part.id.slice(4)] : [])),
    acts: content.flatMap((part) =>
      typeof part !== 'string' && part.kind === 'link' && !part.url.startsWith('/') ? [part.url] : [],
    ),
  };
}

const actionsIn = (message: Message): Action[] =>
  message.flatMap((block) => (block.kind === 'actions' ? block.actions : []));

/** As the page shows it: with instants in a form that all platforms share. */
const readable = (message: Message): string =>
  renderText(
    message.map((block): Block =>
      block.kind === 'line'
        ? {
            kind: 'line',
            content: block.content.map((part) => {
              if (typeof part === 'string') return part;
              if (part.kind === 'time') return `[${new Date(Math.floor(part.atMs / 1_000) * 1_000).toISOString()}]`;
              return part.kind === 'link' ? part.text : part;
            }),
          }
        : block,
    ),
    'UTC',
  ).replaceAll('`', '');

function createPerson(house: House, name: Name): Person {
  const post = <Answer>(path: string, body: object): Promise<Answer> => ask<Answer>(house, name, { path, body });
  const get = <Answer>(path: string): Promise<Answer> => ask<Answer>(house, name, { method: 'GET', path });
  /** What `Fix it` on an answer opens. */
  const drafts = new Map<string, number>();
  const toAct = (json: MessageJson): Act => {
    const id = `answer-${(keys += 1)}`;
    if (json.draft !== undefined) drafts.set(id, json.draft.id);
    const seen = see({ ...json, id: 0 });
    const buttons = json.draft === undefined ? seen.buttons : [...seen.buttons, 'Fix it'];
    return { answer: async () => ({ ...seen, id, buttons }), files: async () => seen.files };
  };
  const targetOf = (on: Seen, button: string): { action: Action; channel: string } => {
    const message = house.desk.chat.find(Number(on.id));
    const action = message && actionsIn(message.message).find(({ kind }) => actionLabels[kind] === button);
    if (message === undefined || action === undefined) throw new Error(`there is no button ${button} on: ${on.text}`);
    return { action, channel: message.channel };
  };
  const click = async (on: Seen, button: string, note?: string): Promise<Act> => {
    const { action, channel } = targetOf(on, button);
    return toAct(await post('actions', { ...action, channel, ...(note === undefined ? {} : { note }) }));
  };
  const openForm = async (path: string): Promise<Form> =>
    toForm((await get<{ form: OpenForm }>(path)).form, (body) => post('forms', { channel: general, ...body }));
  return {
    name,
    reference: `web:${name}`,
    command: async (command, options, channel = general) =>
      toAct(await post('command', { channel, text: commandLine(command, options) })),
    newJob: () => openForm(`form?channel=${general}`),
    editJob: (job) => openForm(`jobs/${job}/form`),
    press: click,
    async pressForForm(on, button) {
      const draft = drafts.get(on.id);
      return openForm(button === 'Fix it' ? `drafts/${draft}` : `jobs/${targetOf(on, button).action.target}/form`);
    },
    retryWithNote: (on, note) => click(on, 'Retry with a note', note),
    async react(on, control: Control) {
      await post(`messages/${on.id}/reactions`, { emoji: controlEmoji[control] });
    },
    async takeBack(on, control: Control) {
      const path = `messages/${on.id}/reactions`;
      await ask(house, name, { method: 'DELETE', path, body: { emoji: controlEmoji[control] } });
    },
    mention: async () => {
      throw new Error('the page has nobody to mention');
    },
    leave() {
      throw new Error('people of the page do not leave');
    },
    direct: () => house.desk.chat.channelMessages(`web:@${name}`, page).map(see),
  };
}

type Submit = (body: object) => Promise<{ ok: boolean; faults?: FieldFault[] }>;

function toForm(form: OpenForm, submit: Submit): Form {
  return {
    fields: { ...form.fields, accept: joinChecks(form.fields.accept) },
    projects: form.projects,
    async submit(changes): Promise<Refused | undefined> {
      const { accept: checks, ...texts } = changes;
      const fields = { ...form.fields, ...texts, ...(checks === undefined ? {} : { accept: splitChecks(checks) }) };
      const { target, draft, base } = form;
      const changed = Object.entries(fields).filter(
        ([field, value]) => JSON.stringify(base[field as keyof typeof base]) !== JSON.stringify(value),
      );
      const answer = await submit({
        fields: target === null ? fields : Object.fromEntries(changed),
        ...(target === null ? {} : { target }),
        ...(draft === null ? {} : { draft }),
      });
      if (answer.ok) return undefined;
      const at = (answer.faults ?? []).flatMap(({ field }) => field ?? []);
      return { at, again: toForm({ ...form, fields }, submit) };
    },
  };
}
