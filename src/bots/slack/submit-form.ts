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

interface Filled {
  metadata: FormMetadata;
  fields: FormFields;
  /** What is wrong with it, once it is closed: it is kept as a draft. */
  refusedFor?: FieldFault[];
}

async function handForm(
  handlers: ChatHandlers,
  actor: Actor,
  { metadata, fields, refusedFor }: Filled,
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
      ...(refusedFor === undefined ? {} : { faults: refusedFor, isClosed: true }),
    },
    actor,
  );
}

async function answerLate(
  edges: SlackEdges,
  { view, user, eventId }: { view: ShownView; user: string; eventId: string },
  reply: Reply,
) {
  const faults = faultsOf(reply);
  const metadata = readMetadata(view.private_metadata);
  const next = faults.length === 0 ? noticeView('Done.') : withFaults(view, faults);
  await edges.web.views.update({ view_id: view.id, view: next }).catch(async (error: unknown) => {
    edges.log.debug({ err: error }, 'A form was closed before it was answered');
    if (faults.length === 0) return;
    // Whoever has closed it is told where it was asked for, and can open it again with what they typed.
    const filled = { metadata, fields: readFields(view), refusedFor: faults };
    const kept = await edges.handOver({ user, channel: metadata.place.channel, eventId }, (handlers, actor) =>
      handForm(handlers, actor, filled),
    );
    await edges.tellAsker(kept, user, metadata.place);
  });
  if (faults.length === 0) await tell(edges, reply, user, metadata);
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
