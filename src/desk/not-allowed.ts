import { UserError } from '../model/user-error.ts';

/** Something that the person has no right to. No form would mend it; the audit table keeps that it was tried. */
export class NotAllowed extends UserError {
  /** For the audit: `cancel the run of @ada in api`. */
  readonly what: string;
  constructor(message: string, what: string) {
    super(message);
    this.what = what;
  }
}
