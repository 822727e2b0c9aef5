/** One server-sent event, as a client got it. */
export interface ReceivedEvent {
  id: string;
  event: string;
  // Each event has a shape of its own.
  data: any; // oxlint-disable-line typescript/no-explicit-any
}

/** Reads a stream of server-sent events. `next` is the next event, past comments; undefined at the end. */
export function readEvents(response: Response) {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let rest = '';

  const nextFrame = async (): Promise<string | undefined> => {
    while (!rest.includes('\n\n')) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      rest += decoder.decode(value, { stream: true });
    }
    const end = rest.indexOf('\n\n');
    const frame = rest.slice(0, end);
    rest = rest.slice(end + 2);
    return frame;
  };

  return {
    async next(): Promise<ReceivedEvent | undefined> {
      for (let frame = await nextFrame(); frame !== undefined; frame = await nextFrame()) {
        const fields = Object.fromEntries(frame.split('\n').map((field) => field.split(/: (.*)/s).slice(0, 2)));
        if ('data' in fields) return { id: fields.id, event: fields.event, data: JSON.parse(fields.data) };
      }
      return undefined;
    },
    /** Waits for a comment: the sign of life of a server without news. */
    async comment(): Promise<string> {
      const frame = await nextFrame();
      if (frame?.startsWith(':') === true) return frame;
      throw new Error(`expected a comment, got ${frame ?? 'the end'}`);
    },
    cancel: () => reader.cancel(),
  };
}
