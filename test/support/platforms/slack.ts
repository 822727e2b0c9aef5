import pino from 'pino';

import { createSlackChat } from '../../../src/bots/slack/slack-chat.ts';
import type { FormField } from '../../../src/model/job-form.ts';
import type { Control } from '../../../src/model/message.ts';
import { namedIn } from '../../../src/model/access.ts';
import { shownBySlack } from '../shown-by-slack.ts';
import type { Act as SlackAct } from '../slack-server/act.ts';
import { buttonLabels } from '../slack-server/find-button.ts';
import type {
  EphemeralMessage,
  SlackChannel,
  SlackMessage,
  SlackUser,
  SlackView,
} from '../slack-server/slack-types.ts';
import { startSlackServer, type SlackServer } from '../slack-server/start-slack-server.ts';
import { commandLine } from './command-line.ts';
import type { Act, Form, Name, Person, Platform, Refused, Seen } from './platform.ts';
import { castAccess, createStageTime, forCast, pageUrl, startStage } from './start-stage.ts';

type Shown = SlackMessage | EphemeralMessage;

/** A process takes its time to start. */
const startMs = 60_000;

const controlNames: Record<Control, string> = { retry: 'repeat', cancel: 'octagonal_sign' };

export const slackPlatform: Platform = {
  name: 'slack',
  nature: {
    groups: 'user group',
    hasMentions: true,
    faults: ['removed', 'archived', 'revoked'],
    hasMembership: true,
    zone: 'Europe/Berlin',
  },
  async start(options = {}) {
    const time = createStageTime();
    const slack = await startSlackServer({ now: time.now });
    const users = forCast((name) => slack.addUser(name, { is_restricted: name === 'gus' }));
    const group = slack.addGroup('backend', [users.cleo]);
    const members = Object.values(users);
    const channel = slack.addChannel('night', { members });
    const eyes = createEyes(slack);
    const people = forCast((name) => createPerson(slack, eyes, { name, user: users[name], channel }));
    const access = castAccess(people, { group: `slack:${group.id}`, everybody: 'slack:*' });
    return startStage(
      {
        time,
        nature: slackPlatform.nature,
        people,
        access,
        channel: `slack:${channel.id}`,
        addChannel: (name) => `slack:${slack.addChannel(name, { members }).id}`,
        createChat: (settings, onFault) =>
          createSlackChat({
            botToken: slack.botToken,
            transport: { mode: 'socket', appToken: slack.appToken },
            apiUrl: slack.apiUrl,
            groups: () => namedIn(settings.access),
            pageUrl: () => pageUrl,
            now: time.now,
            postIntervalMs: 1,
            onFault,
            log: pino({ level: 'silent' }),
          }),
        connected: () => slack.connected(2),
        async disconnected() {
          await slack.until('the end of the connections', () => slack.sockets.count() === 0);
        },
        seen: (id) => slack.messagesIn(channelOf(slack, id)).filter(isBots).map(eyes.see),
        thread(of) {
          const parent = eyes.find(of) as SlackMessage;
          return slack
            .messagesIn(channelOf(slack, `slack:${parent.channel}`), parent)
            .filter(isBots)
            .map(eyes.see);
        },
        async redeliver(times) {
          const before = [...slack.deliveries.all];
          for (let time = 0; time < times; time += 1) {
            for (const delivery of before) slack.deliveries.sendAgain(delivery, { asNew: true });
          }
        },
        limit(id) {
          const { id: limited } = channelOf(slack, id);
          // Slack limits posts channel by channel, and edits for the whole workspace.
          slack.faults.rateLimit({ method: 'chat.postMessage', channel: limited, retryAfter: 30 });
          return () => slack.faults.clear();
        },
        breakChannel(fault) {
          if (fault === 'removed') slack.removeBot(channel);
          else if (fault === 'archived') slack.archive(channel);
          else slack.faults.refuse({ error: 'token_revoked' });
        },
        mendChannel(fault) {
          if (fault === 'removed') slack.inviteBot(channel);
          else if (fault === 'archived') channel.isArchived = false;
          else slack.faults.clear();
        },
        violations: () => slack.violations,
        close: () => slack.close(),
      },
      options,
    );
  },
  async startForProcess() {
    const slack = await startSlackServer();
    const ada = slack.addUser('ada');
    const channel = slack.addChannel('night', { members: [ada] });
    const texts = (): string[] => slack.messagesIn(channel).map((message) => readable(slack, message));
    return {
      config: {
        slack: { apiUrl: slack.apiUrl },
        access: { admins: [`slack:${ada.id}`] },
      },
      env: { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken },
      async onStored(text, act) {
        await slack.until(
          text,
          () => {
            if (!texts().some((each) => each.includes(text))) return false;
            act();
            return true;
          },
          startMs,
        );
      },
      async connected() {
        await slack.until('two connections', () => slack.sockets.count() === 2, startMs);
      },
      type(name, options) {
        void slack.slash('/claude', commandLine(name, options), { user: ada, channel });
      },
      texts: async () => texts(),
      stop: () => slack.close(),
    };
  },
};

const isBots = ({ isBot }: SlackMessage): boolean => isBot;

function channelOf(slack: SlackServer, id: string): SlackChannel {
  const channel = slack.world.channels.get(id.replace('slack:', ''));
  if (channel === undefined) throw new Error(`there is no channel ${id}`);
  return channel;
}

/** What is shown, and from where. */
function createEyes(slack: SlackServer) {
  const known = new Map<string, Shown>();
  return {
    find(seen: Seen): Shown {
      const found = known.get(seen.id);
      if (found === undefined) throw new Error(`${seen.id} was not seen`);
      return found;
    },
    see(message: Shown): Seen {
      const id = `${message.channel}:${message.ts}`;
      known.set(id, message);
      const mrkdwn = mrkdwnOf(message);
      const { mentions, links } = shownBySlack(mrkdwn);
      const names = mentions.filter((each) => each.startsWith('@')).map((each) => nameOf(slack, each.slice(1)));
      const calls = mentions.filter((each) => each.startsWith('!')).map(() => 'everyone');
      const reactions = 'reactions' in message ? message.reactions : [];
      const bot = slack.world.bot.user;
      const hidden = links.filter(
        ({ url, text }) => !url.startsWith('!') && !url.startsWith(pageUrl) && !text.includes(url),
      );
      return {
        id,
        text: readable(slack, message),
        buttons: buttonLabels(message.blocks),
        files: 'files' in message ? slack.filesOf(message).map(({ name }) => name) : [],
        controls: (['retry', 'cancel'] as const).filter((control) =>
          reactions.some(({ name, users }) => name === controlNames[control] && users.includes(bot)),
        ),
        tells: [...names, ...calls],
        acts: [...calls, ...hidden.map(({ url, text }) => `${text} leads to ${url}`)],
      };
    },
  };
}

type Eyes = ReturnType<typeof createEyes>;

const nameOf = (slack: SlackServer, id: string): string => slack.world.users.get(id)?.name ?? id;

interface TextObject {
  text?: string;
}

/** What clients show of a message: its blocks where it has some, else its text. */
function mrkdwnOf({ blocks = [], text }: Shown): string {
  const parts = blocks.flatMap((block) => {
    if (block.type === 'section') return [(block['text'] as TextObject).text ?? ''];
    if (block.type === 'context') return (block['elements'] as TextObject[]).map((each) => each.text ?? '');
    return [];
  });
  return blocks.length === 0 ? text : parts.join('\n');
}

const readable = (slack: SlackServer, message: Shown): string =>
  mrkdwnOf(message)
    .replaceAll(/<!date\^(\d+)\^[^>]*>/g, (_, seconds) => `[${new Date(Number(seconds) * 1_000).toISOString()}]`)
    .replaceAll(/<@([^>|]+)[^>]*>/g, (_, id: string) => `@${nameOf(slack, id)}`)
    .replaceAll(/<(?:https?:|mailto:)[^>|]*\|([^>]*)>/g, '$1')
    .replaceAll(/<((?:https?:|mailto:)[^>|]*)>/g, '$1')
    .replaceAll(/[*`]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

function createPerson(
  slack: SlackServer,
  eyes: Eyes,
  { name, user, channel }: { name: Name; user: SlackUser; channel: SlackChannel },
): Person {
  const directFiles = (): string[] =>
    slack.world.messages
      .filter((message) => message.channel === slack.directOf(user).id)
      .flatMap((message) => slack.filesOf(message).map((file) => file.name));
  const toAct = (act: SlackAct): Act => ({
    answer: async () => eyes.see(await act.answer()),
    // What one person alone is shown carries no files in Slack.
    files: () => slack.until('files', () => directFiles().length > 0 && directFiles()),
  });
  const press = (on: Seen, button: string): Promise<SlackAct> => slack.clickButton(eyes.find(on), button, user);
  const slash = (line: string, where = channel): Promise<SlackAct> =>
    slack.slash('/claude', line, { user, channel: where });
  const react = async (change: 'added' | 'removed', on: Seen, control: Control): Promise<void> => {
    await slack.react(change, eyes.find(on) as SlackMessage, controlNames[control], user);
  };
  return {
    name,
    reference: `slack:${user.id}`,
    command: async (command, options, where) =>
      toAct(await slash(commandLine(command, options), where === undefined ? channel : channelOf(slack, where))),
    newJob: async () => toForm(slack, await (await slash('schedule')).form()),
    editJob: async (job) => toForm(slack, await (await slash(`edit ${job}`)).form()),
    press: async (on, button) => toAct(await press(on, button)),
    pressForForm: async (on, button) => toForm(slack, await (await press(on, button)).form()),
    async retryWithNote(on, note) {
      const act = await press(on, 'Retry with a note');
      return toAct(await slack.submitView(await act.modal(), { 'nd-retry-note:note': note }));
    },
    react: (on, control) => react('added', on, control),
    takeBack: (on, control) => react('removed', on, control),
    async mention(words, on) {
      const thread = eyes.find(on) as SlackMessage;
      await slack.mention(words, { user, channel: channelOf(slack, `slack:${thread.channel}`), thread });
    },
    leave: () => void (user.deleted = true),
    direct: () => slack.messagesIn(slack.directOf(user)).filter(isBots).map(eyes.see),
  };
}

const inputId = (field: string): string => `nd-form:${field}`;
/**
 * Of a form that was sent: the fields that have something wrong with them, or that it was taken; undefined while a busy host has
 * it read.
 */
export function refusedFields({ isOpen, content, errors }: SlackView): string[] | 'taken' | undefined {
  if (!isOpen) return 'taken';
  const shown = JSON.stringify(content.blocks);
  if (shown.includes('The host is busy')) return undefined;
  if (shown.includes('"Done."')) return 'taken';
  // Where it was busy, they stand in notes below the fields.
  const noted = content.blocks.flatMap(({ block_id: id = '' }) => /^nd-note:(nd-form:.*)/.exec(id)?.[1] ?? []);
  const faulty = Object.keys(errors);
  return (faulty.length > 0 ? faulty : noted).map((block) => block.replace(inputId(''), ''));
}

function toForm(slack: SlackServer, view: SlackView): Form {
  const valueOf = (field: FormField): string => {
    const held = view.state[inputId(field)]?.[inputId(field)];
    const { value, selected_option: chosen } = (held ?? {}) as {
      value?: string | null;
      selected_option?: { value: string } | null;
    };
    return value ?? chosen?.value ?? '';
  };
  const options = view.content.blocks.flatMap((block) => {
    const element = block['element'] as { action_id?: string; options?: { value: string }[] } | undefined;
    return element?.action_id === inputId('project') ? (element.options ?? []) : [];
  });
  return {
    fields: {
      goal: valueOf('goal'),
      project: valueOf('project'),
      when: valueOf('when'),
      accept: valueOf('accept'),
      retries: valueOf('retries'),
      overlap: valueOf('overlap'),
      'catch-up': valueOf('catch-up'),
      'catch-up-within': valueOf('catch-up-within'),
      name: valueOf('name'),
    },
    projects: options.map(({ value }) => value),
    async submit(changes): Promise<Refused | undefined> {
      const values = Object.entries(changes).map(([field, value]) => [inputId(field), value]);
      await slack.submitView(view, Object.fromEntries(values) as Record<string, string>);
      const at = await slack.until('what becomes of the form', () => refusedFields(view));
      if (at === 'taken') return undefined;
      return { at, again: toForm(slack, view) };
    },
  };
}
