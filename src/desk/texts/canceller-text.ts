import { person, type Inline } from '../../model/message.ts';
import { nextOccurrence } from '../../model/run.ts';

/** Who cancelled a run, as the subject of a sentence or behind `by`. */
export const cancellerText = (by: string): Inline =>
  by === nextOccurrence ? 'the next occurrence of its job' : person(by);
