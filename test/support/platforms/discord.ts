import pino from 'pino';

import { createDiscordChat } from '../../../src/bots/discord/discord-chat.ts';
import type { Control } from '../../../src/model/message.ts';
import { whatActs } from '../../bots/discord/what-acts.ts';
import type { Shown } from '../discord-server/acts/interact.ts';
import type { Person as Member } from '../discord-server/acts/person.ts';
import { modalFields } from '../discord-server/acts/submit-modal.ts';
import { startDiscordServer, type DiscordServer } from '../discord-server/discord-server.ts';
import { permissionBits } from '../discord-server/permissions.ts';
import { isJson, listOf, textOf, type Json } from '../discord-server/rules/read-json.ts';
import type { Channel, Message } from '../discord-server/world.ts';
import type { Act, Form, Name, Person, Platform, Refused, Seen } from './platform.ts';
import { castAccess, createStageTime, forCast, pageUrl, startStage } from './start-stage.ts';

/** A process takes its time to start. */
const startMs = 60_000;
/** And so does a session. */
const sessionMs = 15_000;

const controlEmoji: Record<Control, string> = { retry: '🔁', cancel: '🛑' };

export const discordPlatform: Platform = {
  name: 'discord',
  nature: {
    groups: 'role',
    hasMentions: true,
    // Channels of Discord are deleted, not archived.
    faults: ['removed', 'revoked'],
    hasMembership: true,
    zone: 'UTC',
  },
  async start(options = {}) {
    const time = createStageTime();
    const server = await startDiscordServer({ now: () => time.now().getTime() });
    const role = server.addRole('backend');
    const members = forCast((name) => server.addPerson(name, name === 'cleo' ? [role.id] : []));
    const guest = server.guild.members.get(members.gus.id);
    if (guest) guest.pending = true;
    const eyes = createEyes(server);
    const people = forCast((name) => createPerson(server, eyes, { name, member: members[name] }));
    const access = castAccess(people, { group: `discord:role-${role.id}`, everybody: 'discord:*' });
    const heard = recordEvents(server);
    let sessions = 0;
    const seen = (channel: Channel): Seen[] => server.messagesIn(channel).filter(isBots(server)).map(eyes.see);
    return startStage(
      {
        time,
        nature: discordPlatform.nature,
        people,
        access,
        channel: `discord:${server.general.id}`,
        addChannel: (name) => `discord:${server.addChannel(name).id}`,
        createChat: ({ commandName }, onFault) =>
          createDiscordChat({
            token: server.token,
            restUrl: server.restUrl,
            commandName,
            pageUrl: () => pageUrl,
            now: time.now,
            onFault,
            log: pino({ level: 'silent' }),
          }),
        async connected() {
          sessions += 1;
          await server.until(
            () => server.gateway.identifies === sessions && server.gateway.sockets.size === 1,
            'a session',
            sessionMs,
          );
          await server.until(() => server.world.commands.get('global')?.length === 1, 'the command', sessionMs);
        },
        seen: (id) => seen(channelOf(server, id)),
        thread(of) {
          const parent = eyes.find(of);
          return parent.hasThread ? seen(server.threadOf(parent)) : [];
        },
        async redeliver(times) {
          const before = [...heard];
          for (let time = 0; time < times; time += 1) for (const event of before) server.world.tell(event);
        },
        limit(id) {
          const path = `/channels/${channelOf(server, id).id}/`;
          server.trouble({
            // The SDK waits in real time, up to 3 s without the desk.
            what: { kind: 'rate-limit', retryAfterMs: 3_500 },
            times: Number.POSITIVE_INFINITY,
            when: (request) => request.path.includes(path),
          });
          return () => server.calm();
        },
        breakChannel(fault) {
          const deny = { id: server.world.bot.id, type: 1 as const, allow: 0n, deny: permissionBits.viewChannel };
          if (fault === 'removed') server.general.overwrites.push(deny);
          else server.trouble({ what: { kind: 'status', status: 401 }, times: Number.POSITIVE_INFINITY });
        },
        mendChannel(fault) {
          if (fault === 'removed') server.general.overwrites.splice(0);
          else server.calm();
        },
        violations: () => [],
        close: () => server.close(),
      },
      options,
    );
  },
  async startForProcess() {
    const server = await startDiscordServer();
    const ada = server.addPerson('ada');
    const texts = (): string[] => server.messagesIn(server.general).map((message) => readable(server, message));
    return {
      config: {
        discord: { restUrl: server.restUrl },
        access: { admins: [ada.reference] },
      },
      env: { DISCORD_TOKEN: server.token },
      async onStored(text, act) {
        await server.until(
          () => {
            if (!texts().some((each) => each.includes(text))) return false;
            act();
            return true;
          },
          text,
          startMs,
        );
      },
      async connected(count) {
        await server.until(
          () => server.gateway.identifies === count && server.world.commands.get('global')?.length === 1,
          'a session with the command',
          startMs,
        );
      },
      type(name, options) {
        void ada.command(`claude ${name}`, options);
      },
      texts: async () => texts(),
      stop: () => server.close(),
    };
  },
};

const isBots =
  (server: DiscordServer) =>
  ({ author }: Message): boolean =>
    author.id === server.world.bot.id;

function channelOf(server: DiscordServer, id: string): Channel {
  const channel = server.world.channels.get(id.replace('discord:', ''));
  if (channel === undefined) throw new Error(`there is no channel ${id}`);
  return channel;
}

/** What people did, as the gateway tells it. */
function recordEvents({ world }: DiscordServer): Parameters<DiscordServer['world']['tell']>[0][] {
  const heard: Parameters<typeof world.tell>[0][] = [];
  const tell = world.tell;
  world.tell = (event) => {
    if (event.name === 'INTERACTION_CREATE' || event.name === 'MESSAGE_CREATE') heard.push(event);
    tell(event);
  };
  return heard;
}

/** What is shown, and from where. */
function createEyes(server: DiscordServer) {
  const known = new Map<string, Message>();
  return {
    find(seen: Seen): Message {
      const found = known.get(seen.id);
      if (found === undefined) throw new Error(`${seen.id} was not seen`);
      return found;
    },
    see(message: Message): Seen {
      known.set(message.id, message);
      const bot = server.world.bot.id;
      const components = listOf(message.components).filter(isJson).flatMap(componentsIn);
      return {
        id: message.id,
        text: readable(server, message),
        buttons: components.filter(({ type }) => type === 2).map(({ label }) => textOf(label)),
        files: message.attachments.map(({ filename }) => filename),
        controls: (['retry', 'cancel'] as const).filter((control) =>
          message.reactions.get(controlEmoji[control])?.has(bot),
        ),
        tells: message.pinged.map((id) => nameOf(server, id)),
        acts: whatActs(withoutOurs(markdownOf(message))),
      };
    },
  };
}

type Eyes = ReturnType<typeof createEyes>;

const componentsIn = (row: Json): Json[] => listOf(row['components']).filter(isJson);
const nameOf = ({ world }: DiscordServer, id: string): string => world.users.get(id)?.username ?? id;

/** The labels of lines are the names of a card's fields, with a capital letter. */
const labelOf = (name: string): string =>
  name === 'Claude says' ? name : name.charAt(0).toLowerCase() + name.slice(1);

function markdownOf({ content, embeds }: Message): string {
  const cards = embeds.flatMap((card) => [
    [textOf(card['title']), textOf(card['description'])].filter((text) => text !== '').join(' '),
    ...listOf(card['fields'])
      .filter(isJson)
      .map(({ name, value }) => `${labelOf(textOf(name))}: ${textOf(value)}`),
  ]);
  return [content, ...cards].filter((text) => text !== '').join('\n');
}

/** Links to nightdesk's page, instants and people are what we write ourselves. */
const withoutOurs = (markdown: string): string =>
  markdown
    .replaceAll(new RegExp(`\\[[^\\]]*\\]\\(<${pageUrl}[^>]*>\\)`, 'g'), '·')
    .replaceAll(/<t:\d+:\w>/g, '·')
    .replaceAll(/<@\d+>/g, '·');

const readable = (server: DiscordServer, message: Message): string =>
  markdownOf(message)
    .replaceAll(/<t:(\d+):\w>/g, (_, seconds) => `[${new Date(Number(seconds) * 1_000).toISOString()}]`)
    .replaceAll(/<@(\d+)>/g, (_, id: string) => `@${nameOf(server, id)}`)
    .replaceAll(/\[((?:\\.|[^\]\\])*)\]\(<[^>]*>\)/g, '$1')
    .replaceAll(/<(https?:[^>]*)>/g, '$1')
    .replaceAll(/\*\*|`/g, '')
    .replaceAll(/\\([^\w\s])/g, '$1');

/** The options of Discord's command, which calls the zone otherwise. */
function optionsOf(options: Record<string, string> = {}): Record<string, string> {
  const { zone, ...others } = options;
  return zone === undefined ? others : { ...others, timezone: zone };
}

function createPerson(server: DiscordServer, eyes: Eyes, { name, member }: { name: Name; member: Member }): Person {
  const toAct = (shown: Shown): Act => {
    const answer = async (): Promise<Seen> => eyes.see(await shown.answer());
    return { answer, files: async () => (await answer()).files };
  };
  const press = (on: Seen, button: string): Promise<Shown> => member.press(eyes.find(on), button);
  const form = async (shown: Promise<Shown>): Promise<Form> => toForm(eyes, member, await shown);
  return {
    name,
    reference: member.reference,
    command: async (command, options, where) =>
      toAct(
        await member.command(
          `claude ${command}`,
          optionsOf(options),
          where === undefined ? server.general : channelOf(server, where),
        ),
      ),
    newJob: () => form(member.command('claude schedule')),
    editJob: (job) => form(member.command('claude edit', { job })),
    async press(on, button) {
      const shown = await press(on, button);
      if (button !== 'Delete') return toAct(shown);
      // Discord has no dialog of its own to ask whether it is meant.
      return toAct(await member.press(await shown.answer(), button));
    },
    pressForForm: (on, button) => form(press(on, button)),
    async retryWithNote(on, note) {
      return toAct(await member.submit(await press(on, 'Retry with a note'), { note }));
    },
    react: async (on, control) => member.react(eyes.find(on), controlEmoji[control]),
    takeBack: async (on, control) => member.unreact(eyes.find(on), controlEmoji[control]),
    async mention(words, on) {
      member.say(`<@${server.world.bot.id}> ${words}`, server.threadOf(eyes.find(on)));
    },
    leave: () => member.leave(),
    direct() {
      const direct = [...server.world.channels.values()].find(({ recipientId }) => recipientId === member.id);
      return direct === undefined ? [] : server.messagesIn(direct).map(eyes.see);
    },
  };
}

/** What stands under *More*, as flags. */
const moreFields = ['retries', 'overlap', 'catch-up', 'catch-up-within', 'name'] as const;

const flagPattern = (name: string): RegExp => new RegExp(`--${name} ("[^"]*"|\\S+)`);

function toForm(eyes: Eyes, member: Member, shown: Shown): Form {
  const inputs = modalFields(shown);
  const more = inputs['more'] ?? '';
  const flag = (name: string): string => flagPattern(name).exec(more)?.[1]?.replaceAll('"', '') ?? '';
  const menus = listOf(shown.modal?.['components'])
    .filter(isJson)
    .map(({ component }) => component)
    .filter(isJson)
    .filter(({ type }) => type === 3);
  const options = menus.flatMap((menu) => listOf(menu['options']).filter(isJson));
  const chosen = options.find((option) => option['default'] === true);
  return {
    fields: {
      goal: inputs['goal'] ?? '',
      project: chosen === undefined ? (inputs['project'] ?? '') : textOf(chosen['value']),
      when: inputs['when'] ?? '',
      accept: inputs['accept'] ?? '',
      retries: flag('retries'),
      overlap: flag('overlap'),
      'catch-up': flag('catch-up'),
      'catch-up-within': flag('catch-up-within'),
      name: flag('name'),
    },
    projects: options.map(({ value }) => textOf(value)),
    async submit(changes): Promise<Refused | undefined> {
      const given = Object.fromEntries(moreFields.map((field) => [field, changes[field]]));
      const own = Object.fromEntries(
        Object.entries(changes).filter(([field]) => !moreFields.some((more) => more === field)),
      );
      const flags = moreFields.flatMap((field) => (given[field] === undefined ? [] : `--${field} ${given[field]}`));
      const kept = moreFields.reduce(
        (text, field) => (given[field] === undefined ? text : text.replace(flagPattern(field), '')),
        more,
      );
      const done = await member.submit(shown, {
        ...own,
        ...(flags.length === 0 ? {} : { more: [kept.trim(), ...flags].join(' ').trim() }),
      });
      const answer = await done.answer();
      const labels = [...answer.content.matchAll(/\*\*(Goal|Project|When|Acceptance criteria|More)\*\*/g)];
      if (!eyes.see(answer).buttons.includes('Fix it')) return undefined;
      return {
        at: labels.map(([, label = '']) => (label.startsWith('Acc') ? 'accept' : label.toLowerCase())),
        again: toForm(eyes, member, await member.press(answer, 'Fix it')),
      };
    },
  };
}
