import type { Json } from './slack-types.ts';

/** Takes what breaks a rule, with its place: `must be less than 76 characters [json-pointer:/blocks/0/…]`. */
export type Complain = (rule: string, pointer: string) => void;

/** A text object: its kind and length. */
export function checkText(text: unknown, max: number, at: string, complain: Complain, plainOnly = false): void {
  const { type, text: words } = (text ?? {}) as Json;
  if (type !== 'plain_text' && type !== 'mrkdwn') return complain('must be a text object', at);
  if (plainOnly && type !== 'plain_text') complain('must be plain_text', `${at}/type`);
  if (typeof words !== 'string' || words.length === 0) complain('must be more than 0 characters', `${at}/text`);
  else if (words.length > max) complain(`must be less than ${max + 1} characters`, `${at}/text`);
}

function checkConfirm(confirm: unknown, at: string, complain: Complain): void {
  if (confirm === undefined) return;
  const { title, text, confirm: yes, deny } = confirm as Json;
  checkText(title, 100, `${at}/title`, complain, true);
  checkText(text, 300, `${at}/text`, complain);
  checkText(yes, 30, `${at}/confirm`, complain, true);
  checkText(deny, 30, `${at}/deny`, complain, true);
}

function checkOptions(options: unknown, max: number, at: string, complain: Complain): void {
  if (!Array.isArray(options) || options.length === 0) return complain('must have at least 1 item', at);
  if (options.length > max) complain(`no more than ${max} items allowed`, at);
  options.forEach((option: Json, index) => {
    checkText(option['text'], 75, `${at}/${index}/text`, complain);
    const value = option['value'];
    if (typeof value !== 'string' || value === '' || value.length > 150)
      complain('must be 1 to 150 characters', `${at}/${index}/value`);
  });
}

/** An interactive element, by the rules of its type. */
export function checkElement(element: Json, at: string, complain: Complain): void {
  const length = (name: string, max: number): void => {
    const value = element[name];
    if (typeof value === 'string' && value.length > max)
      complain(`must be less than ${max + 1} characters`, `${at}/${name}`);
  };
  length('action_id', 255);
  checkConfirm(element['confirm'], `${at}/confirm`, complain);
  if (element['placeholder'] !== undefined) checkText(element['placeholder'], 150, `${at}/placeholder`, complain, true);
  switch (element['type']) {
    case 'button':
      checkText(element['text'], 75, `${at}/text`, complain, true);
      length('value', 2000);
      length('url', 3000);
      if (element['style'] !== undefined && element['style'] !== 'primary' && element['style'] !== 'danger') {
        complain('must be primary or danger', `${at}/style`);
      }
      return;
    case 'static_select':
    case 'multi_static_select':
      if (element['option_groups'] === undefined) checkOptions(element['options'], 100, `${at}/options`, complain);
      return checkInitial(element, at, complain);
    case 'checkboxes':
    case 'radio_buttons':
      checkOptions(element['options'], 10, `${at}/options`, complain);
      return checkInitial(element, at, complain);
    case 'overflow':
      return checkOptions(element['options'], 5, `${at}/options`, complain);
    case 'plain_text_input':
      length('initial_value', 3000);
      if (Number(element['max_length'] ?? 1) > 3000) complain('must be less than 3001', `${at}/max_length`);
      return;
    case 'number_input':
      if (typeof element['is_decimal_allowed'] !== 'boolean')
        complain('missing required field', `${at}/is_decimal_allowed`);
      return;
    case 'users_select':
    case 'conversations_select':
    case 'channels_select':
    case 'external_select':
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
    case 'email_text_input':
    case 'url_text_input':
      return;
    default:
      complain(`unsupported type: ${String(element['type'])}`, `${at}/type`);
  }
}

/** `initial_option` has to be one of the options, to the letter. */
function checkInitial(element: Json, at: string, complain: Complain): void {
  const options = (element['options'] as Json[] | undefined) ?? [];
  const initial = element['initial_option'] ?? element['initial_options'];
  if (initial === undefined) return;
  for (const one of (Array.isArray(initial) ? initial : [initial]) as Json[]) {
    const isThere = options.some((option) => JSON.stringify(option) === JSON.stringify(one));
    if (!isThere) complain('must match one of the options', `${at}/initial_option`);
  }
}
