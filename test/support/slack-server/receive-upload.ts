import type { Asked } from './read-args.ts';
import type { World } from './world.ts';

/** The second step of an upload: the bytes, raw or as a part of a multipart form. */
export function receiveUpload(world: World, { path, headers, body, args }: Asked): { status: number; body: string } {
  const file = world.files.get(path.split('/').at(-1) ?? '');
  if (file === undefined || file.isComplete) return { status: 404, body: 'no such upload' };
  const part = Object.values(args).find((value) => Buffer.isBuffer(value));
  const isForm = (headers['content-type'] ?? '').startsWith('multipart/form-data');
  const bytes = isForm ? part : body;
  if (bytes === undefined || bytes.length !== file.length) {
    world.violations.push(`${file.name}: ${bytes?.length ?? 0} bytes came, ${file.length} were announced.`);
    return { status: 400, body: 'file size mismatch' };
  }
  file.bytes = bytes;
  return { status: 200, body: `OK - ${bytes.length}` };
}
