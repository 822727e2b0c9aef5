import { GuildMemberFlags } from 'discord.js';
import { describe, expect, test } from 'vitest';

import { actorOf, channelOf, membershipOf } from '../../../src/bots/discord/actor.ts';

const member = { roles: ['7'], flags: GuildMemberFlags.DidRejoin, pending: false };

describe('who somebody is', () => {
  test.each([
    ['a member of the server', { ...member }, '1', { groups: ['discord:role-7'], isGuest: false }],
    [
      'who has not passed the screening',
      { ...member, pending: true },
      '1',
      { groups: ['discord:role-7'], isGuest: true },
    ],
    ['who is of another server', { ...member }, '2', { groups: ['discord:role-7'], isGuest: true }],
  ])('%s', (_, given, guild, expected) => {
    expect(membershipOf(given, { guild, home: '1' })).toEqual(expected);
  });

  test('without a configured server, every server that the bot is in counts', () => {
    expect(membershipOf(member, { guild: '2', home: undefined }).isGuest).toBe(false);
  });

  test('in direct messages has no groups, and the channel is their own', () => {
    const direct = { id: '5', type: 3, user: { id: '9' }, channel: { id: '3', type: 1 } };
    expect(actorOf(direct as never, undefined)).toEqual({
      person: 'discord:9',
      channel: 'discord:@9',
      eventId: 'discord:5',
    });
  });
});

test.each([
  ['a thread belongs to its channel', { id: '2', type: 11, parent_id: '1' }, '1'],
  ['a channel in a category is its own', { id: '2', type: 0, parent_id: '1' }, '2'],
])('%s', (_, channel, expected) => {
  expect(channelOf(channel)).toBe(expected);
});
