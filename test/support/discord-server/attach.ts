import { apiFault } from './api-fault.ts';
import type { Upload } from './read-body.ts';
import { createProblems } from './rules/problems.ts';
import { isJson, listOf, type Json } from './rules/read-json.ts';
import type { Attachment, World } from './world.ts';

const maxFileBytes = 10 * 1024 * 1024;

/**
 * The attachments of a message after a request: the uploads, and of those that it has the ones that the request lists
 * (all, where it lists none).
 */
export function attach(
  world: World,
  channelId: string,
  body: Json,
  uploads: Upload[],
  kept: Attachment[],
): Attachment[] {
  const listed = body['attachments'] === undefined ? undefined : listOf(body['attachments']).filter(isJson);
  const problems = createProblems();
  for (const [index, { id }] of (listed ?? []).entries()) {
    const isKnown = uploads.some((upload) => String(upload.index) === String(id)) || kept.some((old) => old.id === id);
    if (!isKnown) problems.add(['attachments', index, 'id'], 'ATTACHMENT_NOT_FOUND', 'The attachment was not found');
  }
  problems.refuse();
  if (uploads.length > 10) throw apiFault('tooLarge');
  if (uploads.some(({ content }) => content.length > maxFileBytes)) throw apiFault('tooLarge');
  const old = listed ? kept.filter(({ id }) => listed.some((one) => one['id'] === id)) : kept;
  return [...old, ...uploads.map((upload) => store(world, channelId, upload, listed ?? []))];
}

function store(world: World, channelId: string, upload: Upload, listed: Json[]): Attachment {
  const about = listed.find(({ id }) => String(id) === String(upload.index));
  const id = world.newId();
  const given = typeof about?.['filename'] === 'string' ? about['filename'] : upload.name;
  const filename = given.replaceAll(/[^\w.-]+/g, '_');
  const url = `${world.url}/attachments/${channelId}/${id}/${filename}`;
  world.files.set(id, upload.content);
  return {
    id,
    filename,
    size: upload.content.length,
    url,
    proxy_url: url,
    ...(upload.type && { content_type: upload.type }),
    ...(typeof about?.['description'] === 'string' && { description: about['description'] }),
  };
}
