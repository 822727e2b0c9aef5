import type { IncomingMessage } from 'node:http';

import { apiFault } from './api-fault.ts';
import { isJson, type Json } from './rules/read-json.ts';

export interface Upload {
  /** The number of `files[0]`. */
  index: number;
  name: string;
  type: string;
  content: Buffer;
}

/** The JSON of a body, or of its `payload_json`, with the files that came with it. */
export async function readBody(request: IncomingMessage): Promise<{ json: unknown; uploads: Upload[] }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (body.length > maxRequestBytes) throw apiFault('tooLarge');
  const type = request.headers['content-type'] ?? '';
  if (body.length === 0) return { json: undefined, uploads: [] };
  if (type.startsWith('application/json')) return { json: parseJson(body.toString('utf8')), uploads: [] };
  if (type.startsWith('multipart/form-data')) return await readForm(body, type);
  throw apiFault('invalidJson');
}

const maxRequestBytes = 25 * 1024 * 1024;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw apiFault('invalidJson');
  }
}

async function readForm(body: Buffer, type: string): Promise<{ json: unknown; uploads: Upload[] }> {
  const form = await new Request('http://127.0.0.1', {
    method: 'POST',
    headers: { 'content-type': type },
    body: new Uint8Array(body),
  }).formData();
  const uploads: Upload[] = [];
  const fields: Json = {};
  for (const [key, value] of form) {
    const index = /^files\[(\d+)\]$/.exec(key)?.[1];
    if (typeof value === 'string') fields[key] = value;
    else if (index !== undefined)
      uploads.push({
        index: Number(index),
        name: value.name,
        type: value.type,
        content: Buffer.from(await value.arrayBuffer()),
      });
  }
  const payload = typeof fields['payload_json'] === 'string' ? parseJson(fields['payload_json']) : {};
  return { json: isJson(payload) ? payload : {}, uploads };
}
