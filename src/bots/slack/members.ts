import type { webApi } from '@slack/bolt';

import type { Member } from '../chat.ts';
import { slackErrorName } from './api-error.ts';
import { createRecent } from '../recent.ts';

export interface MembersOptions {
  client: webApi.WebClient;
  /** The user groups that `access` names, such as `slack:S012AB3CD`. Of others nothing is asked. */
  groups: () => readonly string[];
  now: () => Date;
  onFault(error: unknown, where: string): void;
}

export interface Members {
  /**
   * The person `slack:U012` as Slack knows them, at most a minute ago. Where Slack does not answer: as they were last known,
   * for a quarter of an hour, and then undefined. A group that Slack does not tell of has nobody in it.
   */
  of(person: string): Promise<Member | undefined>;
}

type UserFacts = Omit<Member, 'groups'>;

const noGroup: ReadonlySet<string> = new Set();

/** Who people of Slack are: guests, bots, people of other workspaces, people who left, and the groups that they are in. */
export function createMembers({ client, groups, now, onFault }: MembersOptions): Members {
  const options = { what: 'what Slack knows of', now, onFault };
  const self = createRecent(() => ownTeam(client), options);
  const users = createRecent(async (user) => {
    const team = await self.get('the bot');
    return team === undefined ? undefined : factsOf(client, user, team);
  }, options);
  const inGroup = createRecent((group) => usersOf(client, group), options);

  async function groupsOf(user: string): Promise<string[]> {
    const named = groups().filter((group) => /^slack:S[A-Z0-9]+$/.test(group));
    const found = await Promise.all(
      named.map(async (group) => ((await inGroup.get(group.slice('slack:'.length))) ?? noGroup).has(user)),
    );
    return named.filter((_, index) => found[index]);
  }

  return {
    async of(person) {
      const user = /^slack:([UW][A-Z0-9]+)$/.exec(person)?.[1];
      if (user === undefined) return undefined;
      const [facts, itsGroups] = await Promise.all([users.get(user), groupsOf(user)]);
      return facts === undefined ? undefined : { ...facts, groups: facts.isGone ? [] : itsGroups };
    },
  };
}

async function ownTeam(client: webApi.WebClient): Promise<string | undefined> {
  return (await client.auth.test()).team_id;
}

async function factsOf(client: webApi.WebClient, user: string, team: string): Promise<UserFacts> {
  try {
    const { user: found } = await client.users.info({ user });
    if (found === undefined) throw new Error(`Slack told nothing of ${user}`);
    const teams = [found.team_id, ...(found.enterprise_user?.teams ?? [])];
    const isGuest =
      found.is_restricted === true ||
      found.is_ultra_restricted === true ||
      found.is_stranger === true ||
      // Another app's bot is nobody: what it does is no wish of a person.
      found.is_bot === true ||
      !teams.includes(team);
    return { isGone: found.deleted === true, isGuest, zone: found.tz };
  } catch (error) {
    const name = slackErrorName(error);
    if (name === 'user_not_found') return { isGone: true };
    // Of another workspace, and in no channel with the app.
    if (name === 'user_not_visible') return { isGone: false, isGuest: true };
    throw error;
  }
}

async function usersOf(client: webApi.WebClient, usergroup: string): Promise<ReadonlySet<string>> {
  try {
    return new Set((await client.usergroups.users.list({ usergroup })).users);
  } catch (error) {
    const name = slackErrorName(error);
    if (name === 'no_such_subteam' || name === 'subteam_not_found') return noGroup;
    throw error;
  }
}
