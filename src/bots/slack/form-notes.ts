import type { types } from '@slack/bolt';

import type { FieldFault } from '../../model/job-form.ts';
import { bold } from '../../model/message.ts';
import type { WhenPreview } from '../chat.ts';
import { escaped } from './mrkdwn.ts';
import { renderInline } from './render-inline.ts';

const previewId = 'nd-note:preview';
const noteId = 'nd-note:';
const inputPrefix = 'nd-form:';
/** What a text in a section or context takes. */
const maxNote = 3_000;

/** Under the words of a schedule: what they mean and when that is, in the reader's own time; or why they can't be read. */
export function previewBlock(preview: WhenPreview | undefined): types.ContextBlock {
  return { type: 'context', block_id: previewId, elements: [{ type: 'mrkdwn', text: previewText(preview) }] };
}

function previewText(preview: WhenPreview | undefined): string {
  if (preview === undefined) return 'On demand: it runs when somebody says so.';
  if (!preview.ok) return `⚠️ ${escaped(preview.message)}`.slice(0, maxNote);
  const times = preview.instants.map((instant) => {
    const seconds = Math.floor(Date.parse(instant) / 1_000);
    return `<!date^${seconds}^{date_short_pretty} at {time}|${escaped(instant)}>`;
  });
  const next = times.length === 0 ? '' : `\nnext, in your time: ${times.join(' · ')}`;
  return `${renderInline(bold(preview.sentence), { pageUrl: undefined })}${next}`;
}

/** The blocks of a form with another preview under the words of its schedule. */
export const withPreview = (
  blocks: readonly types.KnownBlock[],
  preview: WhenPreview | undefined,
): types.KnownBlock[] => blocks.map((block) => (block.block_id === previewId ? previewBlock(preview) : block));

/** The blocks of a form with what is wrong: each fault under its field, the others at the top. Earlier notes go. */
export function faultNotes(blocks: readonly types.KnownBlock[], faults: readonly FieldFault[]): types.KnownBlock[] {
  const fields = blocks.filter(({ block_id: id }) => id === previewId || !id?.startsWith(noteId));
  const shown = new Set<FieldFault>();
  const below = fields.flatMap((block) => {
    const own = faults.filter(({ field }) => field !== null && block.block_id === inputPrefix + field);
    for (const fault of own) shown.add(fault);
    return own.length === 0 ? [block] : [block, note(own, block.block_id ?? '')];
  });
  const others = faults.filter((fault) => !shown.has(fault));
  return others.length === 0 ? below : [note(others, 'top'), ...below];
}

function note(faults: readonly FieldFault[], place: string): types.ContextBlock {
  const text = faults
    .map(({ message }) => `⚠️ ${message}`)
    .join('\n')
    .slice(0, maxNote);
  return { type: 'context', block_id: `${noteId}${place}`, elements: [{ type: 'plain_text', text, emoji: true }] };
}
