import { GuildMemberFlags } from 'discord.js';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';

import { createDiscordApi, type DiscordApi } from '../../../src/bots/discord/discord-api.ts';
import { createMembers, isGuestMember } from '../../../src/bots/discord/members.ts';
import { startDiscordServer, type DiscordServer } from '../../support/discord-server/discord-server.ts';

const open: { discord: DiscordServer; api: DiscordApi }[] = [];
afterEach(async () => {
  for (const { discord, api } of open.splice(0)) {
    api.stop();
    await discord.close();
  }
});

async function start(hasGuild = true) {
  const discord = await startDiscordServer();
  const api = createDiscordApi({ token: discord.token, restUrl: discord.restUrl, log: pino({ level: 'silent' }) });
  open.push({ discord, api });
  const faults: unknown[] = [];
  let nowMs = Date.now();
  const members = createMembers({
    api,
    guild: hasGuild ? discord.guild.id : undefined,
    now: () => new Date(nowMs),
    onFault: (error) => faults.push(error),
  });
  return { discord, members, faults, pass: (ms: number) => void (nowMs += ms) };
}

test("a person's roles are their groups, looked up at most once a minute", async () => {
  const { discord, members, pass } = await start();
  const role = discord.addRole('team');
  const ada = discord.addPerson('ada', [role.id]);
  const before = await Promise.all([members.identify(ada.reference), members.identify(ada.reference)]);
  expect(before[0]).toEqual({ isGone: false, groups: [`discord:role-${role.id}`], isGuest: false });
  expect(before[1]).toEqual(before[0]);
  ada.setRoles([]);
  expect((await members.identify(ada.reference))?.groups).toEqual(before[0]?.groups);
  expect(discord.requests).toHaveLength(1);
  pass(60_000);
  expect((await members.identify(ada.reference))?.groups).toEqual([]);
});

test('who has left is gone, in every server of the bot', async () => {
  const { discord, members, pass } = await start(false);
  const other = discord.addGuild('other');
  const ada = discord.addPerson('ada');
  other.members.set(ada.id, { ...discord.guild.members.get(ada.id)! });
  ada.leave();
  expect(await members.identify(ada.reference)).toMatchObject({ isGone: false });
  ada.leave(other);
  pass(60_000);
  expect(await members.identify(ada.reference)).toEqual({ isGone: true });
});

test('where Discord does not say, nothing is known, and it is asked again', async () => {
  const { discord, members, faults } = await start();
  const ada = discord.addPerson('ada');
  discord.trouble({ what: { kind: 'status', status: 503 } });
  expect(await members.identify(ada.reference)).toBeUndefined();
  expect(faults).toHaveLength(1);
  expect(await members.identify(ada.reference)).toMatchObject({ isGone: false });
  expect(await members.identify('web:ada')).toBeUndefined();
});

test('a server that the bot was sent out of says nothing of its people', async () => {
  const { discord, members } = await start();
  const ada = discord.addPerson('ada');
  discord.kickBot();
  expect(await members.identify(ada.reference)).toBeUndefined();
});

test('who has not agreed to the rules yet, or is in the server for one call, is a guest', () => {
  expect(isGuestMember({ pending: true, flags: GuildMemberFlags.DidRejoin })).toBe(true);
  expect(isGuestMember({ flags: GuildMemberFlags.IsGuest })).toBe(true);
  expect(isGuestMember({ pending: false, flags: GuildMemberFlags.CompletedOnboarding })).toBe(false);
});
