import type { Methods } from '../method.ts';

export const authMethods: Methods = {
  'auth.test': {
    run: ({ world, origin }) => ({
      url: `${origin}/`,
      team: 'Home',
      user: world.bot.name,
      team_id: world.team,
      user_id: world.bot.user,
      bot_id: world.bot.id,
      is_enterprise_install: false,
    }),
  },
  'apps.connections.open': {
    token: 'app',
    scope: 'connections:write',
    run: ({ hooks }) => ({ url: hooks.openSocketUrl() }),
  },
};
