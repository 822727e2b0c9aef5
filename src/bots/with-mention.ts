import { line, person, type Message } from '../model/message.ts';

/** The message with the person named at its beginning, unless a line of it names them already. */
export function withMention(message: Message, id: string): Message {
  const isNamed = message.some(
    (block) =>
      block.kind === 'line' &&
      block.content.some((inline) => typeof inline !== 'string' && inline.kind === 'person' && inline.id === id),
  );
  if (isNamed) return message;
  const [first, ...rest] = message;
  return first?.kind === 'line' ? [line(person(id), ' ', ...first.content), ...rest] : [line(person(id)), ...message];
}
