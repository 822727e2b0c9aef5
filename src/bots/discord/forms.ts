import type { APIInteraction } from 'discord.js';
import { setTimeout as sleep } from 'node:timers/promises';

import { emptyForm, type FieldFault, type JobForm } from '../../model/job-form.ts';
import { code, line } from '../../model/message.ts';
import type { Actor, ChatHandlers, FormSource, OpenForm, Reply } from '../chat.ts';
import type { FormId } from './form-id.ts';
import { inputLabels, type Inputs } from './form-inputs.ts';
import { formModal, maxInput, tooLongInputs } from './form-modal.ts';
import { readForm } from './read-form.ts';
import type { Respond } from './respond.ts';

interface FormEdges {
  handlers: () => ChatHandlers;
  respond: Respond;
  commandName: string;
}

/** A modal can only be the first response, and that is due at once. */
const openWithinMs = 700;

/** The form of `schedule` and `edit`: opened for who asks, and read when it is sent. */
export function createForms({ handlers, respond, commandName }: FormEdges) {
  return {
    async open(interaction: APIInteraction, source: FormSource, actor: Actor, at: Date): Promise<void> {
      const opening = handlers().openForm(source, actor);
      const opened = await Promise.race([opening, sleep(openWithinMs, undefined, { ref: false })]);
      const asked = { interaction, person: actor.person, at };
      if (opened === undefined && !('fields' in source)) {
        // Too late for a form in any case.
        return respond.answer(asked, Promise.resolve(busy));
      }
      const known = opened ?? { form: typedForm(source) };
      if ('refusal' in known) return respond.answer(asked, Promise.resolve(known.refusal));
      const { form } = known;
      if (tooLongInputs(form).length > 0) return respond.answer(asked, Promise.resolve(tooLong(form, commandName)));
      await respond.openModal(interaction, formModal(form));
    },
    /** `beside` is what is wrong with where it was sent. */
    async submit(id: FormId, inputs: Inputs, actor: Actor, beside: FieldFault[] = []): Promise<Reply> {
      const { job: target, draft } = id;
      const opened = target === undefined ? undefined : await handlers().openForm({ job: target }, actor);
      if (opened !== undefined && 'refusal' in opened) return opened.refusal;
      const { fields, faults } = readForm(id, inputs, opened?.form.base);
      return handlers().onForm({ target, draft, fields, faults: [...beside, ...faults], isClosed: true }, actor);
    },
  };
}

export type Forms = ReturnType<typeof createForms>;

const busy: Reply = { message: [line('nightdesk is busy. Try again in a moment.')], isRefusal: true };

/** What was typed, where nothing else is known in time. */
function typedForm(source: FormSource): OpenForm {
  const typed = 'fields' in source ? (source.fields ?? {}) : {};
  const given = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined));
  const fields: JobForm = { ...emptyForm, ...given };
  return { target: null, draft: null, fields, base: emptyForm, usual: emptyForm, faults: [], projects: [] };
}

function tooLong(form: OpenForm, commandName: string): Reply {
  const names = tooLongInputs(form).map((name) => inputLabels[name].toLowerCase());
  const words = form.target === null ? 'schedule' : 'edit';
  const text = `A form on Discord takes ${maxInput.toLocaleString('en')} characters a field, and there is more in: ${names.join(', ')}.`;
  return {
    message: [
      line(text),
      line(
        'Let it stand in a file of the project, and name that: ',
        code(`${commandName} ${words}`),
        ' with the options.',
      ),
    ],
    isRefusal: true,
  };
}
