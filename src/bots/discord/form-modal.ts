import {
  ComponentType,
  TextInputStyle,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIStringSelectComponent,
  type APITextInputComponent,
} from 'discord.js';

import { cut } from '../../model/grammar/mistake.ts';
import { writeMore } from '../../model/grammar/more-options.ts';
import type { OpenForm } from '../chat.ts';
import { fingerprint, formId } from './form-id.ts';
import { inputLabels, inputNames, inputOf, toInputs, type InputName, type Inputs } from './form-inputs.ts';

/** What an input takes, in UTF-16 units. */
export const maxInput = 4_000;
const limits = { title: 45, description: 100, placeholder: 100, options: 25 };

/** The inputs with more in them than a modal takes. */
export const tooLongInputs = (form: OpenForm): InputName[] => {
  const inputs = toInputs(form.fields);
  return inputNames.filter((name) => inputs[name].length > maxInput);
};

/** The form as a modal. What a draft was refused for stands at its inputs. */
export function formModal(form: OpenForm): APIModalInteractionResponseCallbackData {
  const inputs = toInputs(form.fields);
  const base = toInputs(form.base);
  const id = {
    job: form.target ?? undefined,
    draft: form.draft ?? undefined,
    prints: form.target === null ? [] : inputNames.map((name) => fingerprint(base[name])),
  };
  const titled = form.target === null ? 'New job' : `Edit ${form.target}`;
  return {
    custom_id: formId(id),
    title: cut(titled, limits.title),
    components: inputNames.map((name) => label(name, form, inputs)),
  };
}

function label(name: InputName, form: OpenForm, inputs: Inputs): APILabelComponent {
  const faults = form.faults.filter(({ field }) => field !== null && inputOf(field) === name);
  const help = faults.map(({ message }) => message.replaceAll('\n', ' ')).join(' ') || descriptions[name];
  const isMenu = name === 'project' && hasMenu(form);
  return {
    type: ComponentType.Label,
    label: inputLabels[name],
    description: cut(help, limits.description),
    component: isMenu ? projectMenu(form, inputs.project) : textInput(name, form, inputs[name]),
  };
}

/** A job may be in a project that the person can't choose: a menu would take it away. */
const hasMenu = ({ projects, target, base }: OpenForm): boolean =>
  projects.length > 0 && projects.length <= limits.options && (target === null || projects.includes(base.project));

const descriptions: Record<InputName, string> = {
  goal: 'What Claude is to do.',
  project: 'Where.',
  when: 'In words. Empty: the job runs on demand.',
  accept: 'What must hold in the end: a command behind “$ ”, or a sentence that is judged.',
  more: 'Flags: --timeout, --retries, --budget, --model, --notify, --overlap, --catch-up, --name, --zone.',
};

function textInput(name: InputName, form: OpenForm, value: string): APITextInputComponent {
  const placeholder = placeholders(form)[name];
  return {
    type: ComponentType.TextInput,
    custom_id: name,
    style: name === 'project' || name === 'when' ? TextInputStyle.Short : TextInputStyle.Paragraph,
    required: name === 'goal',
    max_length: maxInput,
    ...(value === '' ? {} : { value: value.slice(0, maxInput) }),
    ...(placeholder === '' ? {} : { placeholder: cut(placeholder, limits.placeholder) }),
  };
}

const placeholders = ({ projects, usual }: OpenForm): Inputs => ({
  goal: 'Raise the dependencies and mend what breaks',
  project: projects.join(', '),
  when: 'weekdays at 2am',
  accept: '$ npm test',
  more: writeMore(usual),
});

function projectMenu({ projects }: OpenForm, chosen: string): APIStringSelectComponent {
  return {
    type: ComponentType.StringSelect,
    custom_id: 'project',
    required: false,
    placeholder: 'The project of this channel',
    options: projects.map((name) => ({ label: name, value: name, ...(name === chosen ? { default: true } : {}) })),
  };
}
