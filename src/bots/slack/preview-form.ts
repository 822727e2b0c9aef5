import type { SlackEdges } from './edges.ts';
import { readMetadata } from './form-metadata.ts';
import { withPreview } from './form-notes.ts';
import { changedView, readFields, type ShownView } from './read-form-view.ts';

/** Says in a form what the words of its schedule mean, after enter in them or in the zone. */
export async function previewForm(edges: SlackEdges, shown: { view: ShownView; user: string; eventId: string }) {
  const { view, user, eventId } = shown;
  const { when = '', zone = '' } = readFields(view);
  const { channel } = readMetadata(view.private_metadata).place;
  const preview =
    when.trim() === ''
      ? undefined
      : await edges.handOver({ user, channel, eventId }, (handlers, actor) => handlers.previewWhen(when, zone, actor));
  edges.background.run('the preview of a form in Slack', async () => {
    const next = changedView(view, (blocks) => withPreview(blocks, preview));
    // Where somebody was quicker, a later preview comes, or the form is gone: `hash` keeps this one from undoing it.
    await edges.web.views
      .update({ view_id: view.id, ...(view.hash === undefined ? {} : { hash: view.hash }), view: next })
      .catch((error: unknown) => edges.log.debug({ err: error }, 'A preview came too late'));
  });
}
