import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { code, type Inline } from '../../model/message.ts';
import type { Attachment } from '../chat.ts';
import type { DiscordFile } from './discord-api.ts';

const mebibyte = 1024 * 1024;
/** What Discord takes of a file, and of a request with all of its files. */
const maxFileBytes = 10 * mebibyte;
const maxRequestBytes = 25 * mebibyte - 64 * 1024;
const maxFiles = 10;
/** Of each end of a file that is too large even compressed. */
const endBytes = mebibyte / 2;

export interface ReadFiles {
  files: DiscordFile[];
  /** What people must be told of files that are not there whole, a line each. */
  remarks: Inline[][];
}

/**
 * Reads files as Discord takes them: those over its limit compressed, those over it even so as their beginning and end. What is
 * empty is left out; what is gone or can't be read is said, since a result must be told even where its log is gone.
 */
export async function readFiles(attachments: readonly Attachment[]): Promise<ReadFiles> {
  const all: ReadFiles = { files: [], remarks: [] };
  for (const attachment of attachments) {
    const name = attachment.name.replaceAll(/[^\w.-]+/g, '_').slice(-100);
    const size = (await stat(attachment.path).catch(() => undefined))?.size;
    if (size === undefined) {
      all.remarks.push([code(name), ' is gone from the host: ', code(attachment.path)]);
    } else if (size > 0) {
      const read = await readOne(name, attachment.path, size).catch(() => undefined);
      if (read !== undefined) all.files.push(read.file);
      const remark =
        read === undefined ? [code(name), " can't be read on the host: ", code(attachment.path)] : read.remark;
      if (remark !== undefined) all.remarks.push(remark);
    }
  }
  return all;
}

/** Files in groups that fit into a request each. */
export function groupFiles(files: readonly DiscordFile[]): DiscordFile[][] {
  const groups: DiscordFile[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = groups.at(-1);
    if (last === undefined || last.length === maxFiles || bytes + file.data.length > maxRequestBytes) {
      groups.push([file]);
      bytes = file.data.length;
    } else {
      last.push(file);
      bytes += file.data.length;
    }
  }
  return groups;
}

async function readOne(name: string, path: string, size: number): Promise<{ file: DiscordFile; remark?: Inline[] }> {
  if (size <= maxFileBytes) return { file: { name, data: await readFile(path) } };
  const compressed = await compress(path);
  if (compressed !== undefined) return { file: { name: `${name}.gz`, data: compressed } };
  const left = `${Math.round((size - 2 * endBytes) / mebibyte)} MiB left out here. The whole is ${path} on the host.`;
  const data = Buffer.concat([await readBytes(path, 0), Buffer.from(`\n\n… ${left}\n\n`), await readBytes(path, size)]);
  return {
    file: { name, data },
    remark: [code(name), ' is too large for Discord: its beginning and end. On the host the whole is ', code(path)],
  };
}

/** Undefined where it is too large even so. */
async function compress(path: string): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const tooLarge = new Error('too large');
  try {
    await pipeline(createReadStream(path), createGzip(), async (source: AsyncIterable<Buffer>) => {
      for await (const chunk of source) {
        bytes += chunk.length;
        if (bytes > maxFileBytes) throw tooLarge;
        chunks.push(chunk);
      }
    });
  } catch (error) {
    if (error === tooLarge) return undefined;
    throw error;
  }
  return Buffer.concat(chunks);
}

/** The whole lines of one end of the file: those from `0`, or those up to its `size`. */
async function readBytes(path: string, at: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(endBytes), 0, endBytes, Math.max(0, at - endBytes));
    const bytes = buffer.subarray(0, bytesRead);
    const newline = at === 0 ? bytes.lastIndexOf('\n') : bytes.indexOf('\n');
    if (newline === -1) return bytes;
    return at === 0 ? bytes.subarray(0, newline) : bytes.subarray(newline + 1);
  } finally {
    await file.close();
  }
}
