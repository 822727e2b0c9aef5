import type { FieldFault, FormField } from './job-form.ts';
import { UserError } from './user-error.ts';

/** Everything that is wrong with the fields of a job: mistakes that its person can mend there. */
export class FieldFaults extends UserError {
  readonly faults: readonly FieldFault[];

  constructor(faults: readonly FieldFault[]) {
    super(faults.map(({ message }) => message).join('\n'));
    this.faults = faults;
  }
}

/** Gathers what is wrong field by field, so that all of it is told at once. */
export interface FaultList {
  /** What `read` returns; where it throws a `UserError`, that is kept as the field's fault, and `otherwise` is returned. */
  at<T>(field: FormField, read: () => T, otherwise: T): T;
  all(): readonly FieldFault[];
  /** Throws `FieldFaults` if there are any. */
  raise(): void;
}

export function createFaultList(): FaultList {
  const faults: FieldFault[] = [];
  return {
    at(field, read, otherwise) {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        faults.push({ field, message: error.message });
        return otherwise;
      }
    },
    all: () => faults,
    raise() {
      if (faults.length > 0) throw new FieldFaults(faults);
    },
  };
}
