import type { WebDesk } from './web-desk.ts';

const maxBytes = 64 * 1024;

/** Yields the patch of an attempt in parts. */
export async function* readPatch(desk: WebDesk, run: number, attempt: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ;) {
    const { bytes } = await desk.readFile({ run, attempt, file: 'patch', offset, maxBytes });
    if (bytes.length === 0) return;
    offset += bytes.length;
    yield bytes;
  }
}
