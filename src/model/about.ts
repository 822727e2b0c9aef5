/** What a line of the log is about, so that it is found by its run, its job or its channel. */
export interface About {
  /** `r142` */
  run?: string;
  /** `r142-1` */
  attempt?: string;
  /** The job's name. */
  job?: string;
  /** `slack:C012` */
  channel?: string;
}

/** `r142-1` is an attempt of `r142`. */
export const aboutAttempt = (attempt: string): About => ({ run: attempt.replace(/-\d+$/, ''), attempt });
