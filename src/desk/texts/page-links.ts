import { link, type Inline } from '../../model/message.ts';
import { runLabel } from '../../model/run.ts';

/** A run's label, linked to its page. */
export const runLink = (id: number): Inline => link(`/runs/${runLabel(id)}`, runLabel(id));

/** A job's name, linked to its page. */
export const jobLink = (name: string): Inline => link(`/jobs/${encodeURIComponent(name)}`, name);
