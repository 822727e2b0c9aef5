/** A delivery that no further try can bring through: the message or its thread is not there. */
export class ChatRefusal extends Error {
  override readonly name = 'ChatRefusal';
}
