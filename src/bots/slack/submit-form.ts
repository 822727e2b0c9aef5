import type { SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';

import type { FormFields, FieldFault } from '../../model/job-form.ts';
import { renderText } from '../render-text.ts';
import type { Actor, ChatHandlers, Reply } from '../chat.ts';
import type { SlackEdges } from './edges.ts';
import { noticeView } from './form.ts';
import { changedFields, readMetadata, type FormMetadata } from './form-metadata.ts';
import { faultNotes } from './form-notes.ts';
import { inputId } from './form-view.ts';
import { changedView, readFields, type ShownView } from './read-form-view.ts';
import { within } from '../within.ts';

export type ViewAck = SlackViewMiddlewareArgs<ViewSubmitAction>['ack'];

/** A form closes with its acknowledgement. What takes longer than this is acknowledged with a form that says so. */
const answerWithinMs = 700;

/** Hands a filled form to the desk. What is wrong is shown in it, at its fields; what was typed stays. */
export async function submitForm(
  edges: SlackEdges,
  submitted: { view: ShownView; user: string; eventId: string; ack: ViewAck },
) {
  const { view, user, eventId, ack } = submitted;
  const metadata = readMetadata(view.private_metadata);
  const { place } = metadata;
  const asked = edges.handOver({ user, channel: place.channel, eventId }, (handlers, actor) =>
    handForm(handlers, actor, { metadata, fields: readFields(view) }),
  );
  const reply = await within(asked, answerWithinMs);
  if (reply === undefined) {
    const busy = 'The host is busy; the form is being read.';
    await ack({ response_action: 'update', view: noticeView(busy) });
    edges.background.run('a form from Slack', async () => answerLate(edges, submitted, await asked));
    return;
  }
  const faults = faultsOf(reply);
  const errors = errorsAtFields(view, faults);
  if (faults.length === 0) await ack();
  else if (errors === undefined) await ack({ response_action: 'update', view: withFaults(view, faults) });
  else await ack({ response_action: 'errors', errors });
  if (faults.length === 0) edges.background.run('the answer to a form', () => tell(edges, reply, user, metadata));
}

async function handForm(
  handlers: ChatHandlers,
  actor: Actor,
  { metadata, fields }: { metadata: FormMetadata; fields: FormFields },
): Promise<Reply> {
  const { target, draft, kept } = metadata;
  let typed = fields;
  if (draft !== null && kept.length > 0) {
    const answer = await handlers.openForm({ draft }, actor);
    if ('refusal' in answer) return answer.refusal;
    const given = answer.form.fields;
    typed = { ...fields, ...Object.fromEntries(kept.map((field) => [field, given[field]])) };
  }
  return handlers.onForm(
    {
      ...(target === null ? {} : { target }),
      ...(draft === null ? {} : { draft }),
      fields: changedFields(typed, metadata),
    },
    actor,
  );
}

async function answerLate(edges: SlackEdges, { view, user }: { view: ShownView; user: string }, reply: Reply) {
  const faults = faultsOf(reply);
  const next = faults.length === 0 ? noticeView('Done.') : withFaults(view, faults);
  await edges.web.views.update({ view_id: view.id, view: next }).catch((error: unknown) => {
    // Whoever has closed it is told where it was asked for.
    edges.log.debug({ err: error }, 'A form was closed before it was answered');
    if (faults.length > 0) return edges.tellAsker(reply, user, readMetadata(view.private_metadata).place);
  });
  if (faults.length === 0) await tell(edges, reply, user, readMetadata(view.private_metadata));
}

async function tell(edges: SlackEdges, reply: Reply, user: string, { place }: FormMetadata): Promise<void> {
  if (!reply.isInChannel) await edges.tellAsker(reply, user, place);
}

/** What is wrong, of a refusal without fields the whole answer. */
function faultsOf({ faults = [], isRefusal = false, message }: Reply): FieldFault[] {
  if (faults.length > 0 || !isRefusal) return faults;
  return [{ field: null, message: renderText(message, 'UTC') }];
}

/** Slack shows faults itself where each has a field that the form has; it can't show others. */
function errorsAtFields(view: ShownView, faults: readonly FieldFault[]): Record<string, string> | undefined {
  const errors: Record<string, string> = {};
  for (const { field, message } of faults) {
    const id = field === null ? undefined : inputId(field);
    if (id === undefined || view.state.values[id] === undefined) return undefined;
    errors[id] = errors[id] === undefined ? message : `${errors[id]}\n${message}`;
  }
  return errors;
}

const withFaults = (view: ShownView, faults: readonly FieldFault[]) =>
  changedView(view, (blocks) => faultNotes(blocks, faults));
