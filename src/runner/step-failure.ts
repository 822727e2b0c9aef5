/** A step before Claude that failed for a reason which people can act on. Becomes the report's `failedStep`. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly step: 'workspace' | 'set-up';
  readonly output: string;

  constructor(step: 'workspace' | 'set-up', message: string, output = '') {
    super(message);
    this.step = step;
    this.output = output;
  }
}
