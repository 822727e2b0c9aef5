import { neededArg, type Methods } from '../method.ts';
import { SlackFailure } from '../slack-failure.ts';
import type { Json, SlackUser } from '../slack-types.ts';

function userJson(user: SlackUser): Json {
  const { id, name, team, tz, deleted, is_bot, is_restricted, is_ultra_restricted, is_stranger } = user;
  return {
    id,
    name,
    team_id: team,
    real_name: name,
    profile: { display_name: name, real_name: name, team },
    deleted,
    is_bot,
    // Slack leaves out what a person who has left had here.
    ...(!deleted && { tz, is_restricted, is_ultra_restricted, ...(is_stranger && { is_stranger }) }),
  };
}

export const userMethods: Methods = {
  'users.info': {
    scope: 'users:read',
    run: ({ args, world }) => {
      const user = world.users.get(neededArg(args, 'user', 'user_not_found'));
      if (user === undefined) throw new SlackFailure('user_not_found');
      return { user: userJson(user) };
    },
  },
  'usergroups.list': {
    scope: 'usergroups:read',
    run: ({ args, world }) => ({
      usergroups: [...world.groups.values()].map(({ id, handle, users }) => ({
        id,
        handle,
        name: handle,
        team_id: world.team,
        user_count: users.length,
        ...(args['include_users'] === 'true' && { users }),
      })),
    }),
  },
  'usergroups.users.list': {
    scope: 'usergroups:read',
    run: ({ args, world }) => {
      const group = world.groups.get(neededArg(args, 'usergroup', 'no_such_subteam'));
      if (group === undefined) throw new SlackFailure('no_such_subteam');
      return { users: group.users.filter((id) => world.users.get(id)?.deleted !== true) };
    },
  },
};
