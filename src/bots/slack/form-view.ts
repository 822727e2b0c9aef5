import type { types } from '@slack/bolt';

import type { FormField, JobForm } from '../../model/job-form.ts';
import { joinChecks } from '../check-lines.ts';
import type { OpenForm, WhenPreview } from '../chat.ts';
import { digestBase, writeMetadata } from './form-metadata.ts';
import { faultNotes, previewBlock } from './form-notes.ts';
import { formRules, type RuleField } from './form-rules.ts';
import type { Place } from './place.ts';

export const formCallback = 'nd-form';
/** The blocks and inputs of the form: `nd-form:goal`. */
export const inputId = (field: FormField): string => `${formCallback}:${field}`;

/** What a plain text input takes. */
const maxInput = 3_000;
const maxOptions = 100;
const maxPlaceholder = 150;

type TextField = Exclude<FormField, 'project' | RuleField>;

interface TextInput {
  label: string;
  hint?: string;
  isLong?: boolean;
  isRequired?: boolean;
  /** Read when somebody presses enter in it. */
  isRead?: boolean;
}

const inputs: Record<TextField, TextInput> = {
  goal: {
    label: 'Goal',
    hint: 'What Claude is to do, in your own words, in up to 3,000 characters. More fit into the form of nightdesk’s page.',
    isLong: true,
    isRequired: true,
  },
  accept: {
    label: 'Acceptance criteria',
    hint: 'One a line: “$ npm test” must exit with 0; a sentence is judged. An indented line goes on with the one above.',
    isLong: true,
  },
  when: {
    label: 'When',
    hint: 'In words: weekdays at 2am, every 6 hours. Enter says what they mean. Empty: on demand.',
    isRead: true,
  },
  zone: { label: 'Time zone', isRead: true },
  timeout: { label: 'Time limit', hint: 'Of an attempt: 2h, 45 min.' },
  retries: { label: 'Retries', hint: 'Attempts that may follow the first.' },
  budget: { label: 'Budget', hint: 'US dollars for a run, over all attempts.' },
  'catch-up-within': { label: 'Caught up within', hint: 'How late an occurrence may still be run: 12h, 2 days.' },
  name: { label: 'Name' },
  model: { label: 'Model' },
};

export interface FormViewOptions {
  form: OpenForm;
  place: Place;
  /** What the words of its schedule mean. */
  preview: WhenPreview | undefined;
  /** The page, for what does not fit. */
  pageUrl: string | undefined;
}

/** The form for a job as a modal, with what is known to be wrong in it. */
export function renderFormView({ form, place, preview, pageUrl }: FormViewOptions): types.ModalView {
  const { target, draft, base, projects } = form;
  const texts = { ...form.fields, accept: joinChecks(form.fields.accept) };
  const placeholders = placeholdersOf(form);
  const kept = (Object.keys(inputs) as TextField[]).filter((field) => texts[field].length > maxInput);
  const text = (field: TextField): types.KnownBlock[] =>
    kept.includes(field)
      ? [keptNote(inputs[field].label, texts[field].length, pageUrl)]
      : [textInput(field, texts[field], placeholders[field])];
  return {
    type: 'modal',
    callback_id: formCallback,
    title: plain(target === null ? 'New job' : 'Edit job'),
    submit: plain(target === null ? 'Schedule' : 'Save'),
    close: plain('Close'),
    private_metadata: writeMetadata({
      place,
      target,
      draft,
      base: target === null ? {} : digestBase(base),
      kept,
    }),
    blocks: faultNotes(
      [
        ...text('goal'),
        projectInput(projects, texts.project),
        ...text('accept'),
        ...text('when'),
        previewBlock(preview),
        ...text('zone'),
        ...text('timeout'),
        ...text('retries'),
        ...text('budget'),
        ruleInput('notify', texts.notify || form.usual.notify),
        ruleInput('overlap', texts.overlap || form.usual.overlap),
        ruleInput('catch-up', texts['catch-up'] || form.usual['catch-up']),
        ...text('catch-up-within'),
        ...text('name'),
        ...text('model'),
      ],
      form.faults,
    ),
  };
}

/** What an empty field stands for. In an edit it takes the setting away. */
const placeholdersOf = ({ usual, target }: OpenForm): Partial<JobForm> => ({
  ...usual,
  budget: usual.budget || 'no limit',
  model: usual.model || 'Claude Code’s own choice',
  name: target === null ? 'made from the goal' : '',
});

function textInput(field: TextField, value: string, placeholder: unknown): types.InputBlock {
  const { label, hint, isLong = false, isRequired = false, isRead = false } = inputs[field];
  const hasPlaceholder = typeof placeholder === 'string' && placeholder !== '';
  return {
    type: 'input',
    block_id: inputId(field),
    label: plain(label),
    optional: !isRequired,
    ...(hint === undefined ? {} : { hint: plain(hint) }),
    ...(isRead ? { dispatch_action: true } : {}),
    element: {
      type: 'plain_text_input',
      action_id: inputId(field),
      multiline: isLong,
      max_length: maxInput,
      ...(value === '' ? {} : { initial_value: value }),
      ...(hasPlaceholder ? { placeholder: plain(placeholder.slice(0, maxPlaceholder)) } : {}),
      ...(isRead ? { dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] } } : {}),
    },
  };
}

/** A project that is not among those stays to be seen, and is refused. */
function projectInput(projects: readonly string[], current: string): types.InputBlock {
  const names = current === '' || projects.includes(current) ? projects : [current, ...projects];
  const block = { type: 'input', block_id: inputId('project'), label: plain('Project'), optional: false } as const;
  const action_id = inputId('project');
  if (names.length === 0 || names.length > maxOptions) {
    const initial = current === '' ? {} : { initial_value: current };
    return { ...block, element: { type: 'plain_text_input', action_id, max_length: 100, ...initial } };
  }
  const chosen = current === '' ? {} : { initial_option: option(current, current) };
  return {
    ...block,
    element: { type: 'static_select', action_id, options: names.map((name) => option(name, name)), ...chosen },
  };
}

function ruleInput(field: RuleField, current: string): types.InputBlock {
  const { label, options: words } = formRules[field];
  const known = Object.entries<string>(words).map(([rule, text]) => option(text, rule));
  const options = known.some(({ value }) => value === current) ? known : [option(`${current} ?`, current), ...known];
  const chosen = options.find(({ value }) => value === current);
  return {
    type: 'input',
    block_id: inputId(field),
    label: plain(label),
    optional: true,
    element: {
      type: 'static_select',
      action_id: inputId(field),
      options,
      ...(chosen === undefined ? {} : { initial_option: chosen }),
    },
  };
}

function keptNote(label: string, length: number, pageUrl: string | undefined): types.SectionBlock {
  const way = pageUrl === undefined ? 'nightdesk’s page' : `nightdesk’s page, ${pageUrl},`;
  return {
    type: 'section',
    text: plain(
      `${label}: ${length.toLocaleString('en')} characters, more than a field of Slack takes (3,000). It stays as it is; the form of ${way} can change it.`,
    ),
  };
}

// Slack allows 75 characters in an option.
const option = (label: string, value: string): types.PlainTextOption => ({
  text: plain(label.slice(0, 75)),
  value: value.slice(0, 150),
});

export const plain = (text: string): types.PlainTextElement => ({ type: 'plain_text', text, emoji: false });
