import { renderText } from '../bots/render-text.ts';
import { controlEmoji } from '../bots/control-emoji.ts';
import type { WebMessage } from '../bots/web/web-messages.ts';
import { controlsIn, type Control, type Message } from '../model/message.ts';

export interface AttachmentJson {
  id: number;
  name: string;
  sizeBytes: number;
  url: string;
}

export interface ReactionJson {
  emoji: string;
  /** Set where the bot offers it: clicking it acts. */
  control: Control | null;
  /** Who put it there, oldest first. */
  people: string[];
}

export interface MessageJson {
  id: number;
  channel: string;
  thread: number | null;
  /** `bot`, or a person: `web:ada`. */
  author: string;
  /** Neutral markup: see src/model/message.ts. */
  message: Message;
  /** The same as plain text, with instants in the host's zone. */
  text: string;
  reactions: ReactionJson[];
  attachments: AttachmentJson[];
  replies: number;
  createdAt: string;
  editedAt: string | null;
}

/** A message as the API shows it. */
export function renderMessageJson(message: WebMessage, zone: string): MessageJson {
  return {
    id: message.id,
    channel: message.channel,
    thread: message.thread,
    author: message.author,
    message: message.message,
    text: renderText(message.message, zone),
    reactions: renderReactions(message),
    attachments: message.attachments.map(renderAttachmentJson),
    replies: message.replies,
    createdAt: message.createdAt.toISOString(),
    editedAt: message.editedAt?.toISOString() ?? null,
  };
}

export const renderAttachmentJson = (file: WebMessage['attachments'][number]): AttachmentJson => ({
  ...file,
  url: `/api/attachments/${file.id}`,
});

/** What the bot offers comes first, also where nobody has put it yet. */
function renderReactions({ message, reactions }: WebMessage): ReactionJson[] {
  const peopleWith = (emoji: string) => reactions.filter((each) => each.emoji === emoji).map(({ person }) => person);
  const offered = controlsIn(message).map((control): [string, Control] => [controlEmoji[control], control]);
  const others = [...new Set(reactions.map(({ emoji }) => emoji))].filter((emoji) =>
    offered.every(([each]) => each !== emoji),
  );
  return [
    ...offered.map(([emoji, control]) => ({ emoji, control, people: peopleWith(emoji) })),
    ...others.map((emoji) => ({ emoji, control: null, people: peopleWith(emoji) })),
  ];
}
