import type { FieldFault, FormField } from '../../model/job-form.ts';
import { bold, line, type Block } from '../../model/message.ts';
import { renderUserText } from './user-text.ts';

/** What people know the fields of a form as. */
const fieldLabels: Record<FormField, string> = {
  goal: 'Goal',
  project: 'Project',
  when: 'When',
  zone: 'Time zone',
  accept: 'Acceptance criteria',
  timeout: 'Time limit',
  retries: 'Retries',
  budget: 'Budget',
  model: 'Model',
  overlap: 'Overlap',
  'catch-up': 'Catch-up',
  'catch-up-within': 'Caught up within',
  notify: 'Notify',
  name: 'Name',
};

/** What is wrong with a field, for who does not see the form any more. */
export function renderFault({ field, message }: FieldFault): Block[] {
  const [first, ...rest] = renderUserText(message);
  if (field === null || first?.kind !== 'line') return renderUserText(message);
  return [line(bold(fieldLabels[field]), ': ', ...first.content), ...rest];
}
