import type { OpenForm, WhenPreview } from '../bots/chat.ts';
import type { Role } from '../model/access.ts';

/** A form for a new job or for one that is there, filled. */
export type FormJson = OpenForm;

/** A project that the person may schedule in. */
export interface ProjectJson {
  name: string;
  role: Role;
}

/** What the words of a schedule mean, with its next times as ISO 8601 in UTC; or why they can't be used. */
export type WhenJson = WhenPreview;
