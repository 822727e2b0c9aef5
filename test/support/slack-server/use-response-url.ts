import { checkBlocks } from './check-blocks.ts';
import { storeMessage } from './post-message.ts';
import type { Asked } from './read-args.ts';
import { SlackFailure } from './slack-failure.ts';
import type { Block, EphemeralMessage, Json, SlackMessage } from './slack-types.ts';
import type { ResponseUrl, World } from './world.ts';

const maxUses = 5;

/** What an app says at a `response_url`: five times, within half an hour. */
export function useResponseUrl(world: World, { path, args }: Asked): { status: number; body: string } {
  const url = world.responseUrls.get(path);
  if (url === undefined) return { status: 404, body: 'no_service' };
  if (world.now().getTime() > url.expiresAt) return { status: 404, body: 'expired_url' };
  if (url.uses >= maxUses) {
    world.violations.push('A response_url was used more than five times.');
    return { status: 404, body: 'used_url' };
  }
  try {
    show(world, url, args, 'response_url');
    url.uses += 1;
    return { status: 200, body: 'ok' };
  } catch (error) {
    if (!(error instanceof SlackFailure)) throw error;
    world.violations.push(`response_url: ${error.code} ${JSON.stringify(error.details)}`);
    return { status: 400, body: error.code };
  }
}

/** Shows what answers an act: to its person alone, or to the channel where it says so. */
export function show(world: World, to: ResponseUrl, answer: Json, via: EphemeralMessage['via']): void {
  if (answer['delete_original'] === true) {
    if (to.source !== undefined) to.source.isDeleted = true;
    return;
  }
  const blocks = answer['blocks'] === undefined ? undefined : checkBlocks(answer['blocks'], 'message');
  const text = typeof answer['text'] === 'string' ? answer['text'] : '';
  if (text === '' && blocks === undefined) throw new SlackFailure('no_text');
  if (answer['replace_original'] === true && to.source !== undefined) return replace(to.source, text, blocks);
  // The thread of the pressed button is not implied: Slack wants it said.
  const thread_ts = typeof answer['thread_ts'] === 'string' ? answer['thread_ts'] : undefined;
  const channel = world.channels.get(to.channel);
  if (answer['response_type'] === 'in_channel' && channel !== undefined) {
    storeMessage(world, { channel, user: world.bot.user, text, blocks, thread_ts });
    return;
  }
  const { act, user } = to;
  world.ephemeral.push({
    ts: world.nextTs(),
    channel: to.channel,
    user,
    text,
    blocks,
    thread_ts,
    via,
    act,
    isDeleted: false,
  });
}

function replace(source: SlackMessage | EphemeralMessage, text: string, blocks: Block[] | undefined): void {
  if ('edits' in source) source.edits.push({ text: source.text, blocks: source.blocks, at: new Date() });
  source.text = text;
  source.blocks = blocks;
}
