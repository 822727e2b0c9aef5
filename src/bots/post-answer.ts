import type { Chat, Reply } from './chat.ts';
import { tryAgain } from './try-again.ts';

export interface PostedAnswer {
  key: string;
  channel: string;
  /** The message in whose thread it belongs. */
  thread: string | undefined;
  reply: Reply;
  writtenAt: Date;
}

/** Posts what the desk answered where people see it; tried again, and shown once. */
export function postAnswer(post: Chat['post'], { reply, ...place }: PostedAnswer): Promise<string> {
  let noted: string | undefined;
  return tryAgain((isAgain) =>
    post({
      ...place,
      message: reply.message,
      attachments: reply.files ?? [],
      isDoubtful: isAgain,
      noted,
      note: (text) => {
        noted = text;
      },
    }),
  );
}
