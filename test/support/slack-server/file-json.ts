import type { Json } from './slack-types.ts';
import type { World } from './world.ts';

/** A file as the Web API carries it. One that was deleted keeps its id and a mark. */
export function fileJson(world: World, id: string): Json {
  const file = world.files.get(id);
  if (file === undefined || file.isDeleted) return { id, mode: 'tombstone' };
  const places: { public: Record<string, Json[]>; private: Record<string, Json[]> } = { public: {}, private: {} };
  for (const { channel, ts, thread_ts } of file.shares) {
    const side = world.channels.get(channel)?.kind === 'public' ? places.public : places.private;
    (side[channel] ??= []).push({ ts, ...(thread_ts !== undefined && { thread_ts }), channel_name: channel });
  }
  const ids = (kind: string): string[] =>
    [...new Set(file.shares.map(({ channel }) => channel))].filter(
      (channel) => world.channels.get(channel)?.kind === kind,
    );
  return {
    id,
    name: file.name,
    title: file.title,
    size: file.length,
    user: world.bot.user,
    mode: 'hosted',
    shares: places,
    channels: ids('public'),
    groups: ids('private'),
    ims: ids('im'),
  };
}
