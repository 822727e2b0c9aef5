import type { ChatHandlers } from '../bots/chat.ts';
import { createFormDesk, type FormDeskDependencies } from './form-desk.ts';
import { refusalOf, type OnFault } from './refusals.ts';
import { suggest } from './suggest.ts';

export interface HandleAskingDependencies extends FormDeskDependencies {
  onFault: OnFault;
}

export type HandleAsking = Pick<ChatHandlers, 'openForm' | 'previewWhen' | 'suggest'>;

/** Answers what people need before they ask for something: a form, what the words of a schedule mean, what may be typed. */
export function createHandleAsking(dependencies: HandleAskingDependencies): HandleAsking {
  const { onFault } = dependencies;
  const forms = createFormDesk(dependencies);
  return {
    async openForm(source, actor) {
      try {
        return { form: forms.openForm(source, actor) };
      } catch (error) {
        return { refusal: refusalOf(error, `a form of ${actor.person}`, onFault) };
      }
    },
    async previewWhen(words, zone, actor) {
      try {
        return forms.previewWhen(words, zone, actor);
      } catch (error) {
        const reference = onFault(error, `a schedule of ${actor.person}`);
        return {
          ok: false,
          field: 'when',
          message: `That failed inside nightdesk. The log has it under ${reference}.`,
        };
      }
    },
    async suggest(what, typed, actor) {
      try {
        return suggest(dependencies, what, typed, actor);
      } catch (error) {
        onFault(error, `suggestions for ${actor.person}`);
        return [];
      }
    },
  };
}
