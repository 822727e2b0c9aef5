import type { FormSubmission } from '../../bots/chat.ts';
import { createFaultList, FieldFaults } from '../../model/field-faults.ts';
import { readEditForm, readScheduleForm } from '../../model/grammar/read-form.ts';
import type { Answer, CommandContext } from './command-context.ts';
import { deleteOwnDraft } from '../keep-draft.ts';
import { editJob } from './edit-job.ts';
import { scheduleJob } from './schedule-job.ts';

/** Carries out a form as the command that it says, with all that is wrong in it at once. A draft that it mends is done with. */
export function submitForm(
  context: CommandContext,
  { target, draft, fields, faults: given = [] }: FormSubmission,
): Answer {
  if (given.length > 0) throw new FieldFaults(given);
  const faults = createFaultList();
  const answer =
    target === undefined
      ? scheduleJob(context, readScheduleForm(fields, faults), faults)
      : editJob(context, readEditForm(target, fields, faults), faults, { isExact: true });
  if (draft !== undefined) deleteOwnDraft(context, draft);
  return answer;
}
