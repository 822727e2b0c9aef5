/** Why a command of the terminal can't be carried out, and what to do. */
export class CliProblem extends Error {
  override readonly name = 'CliProblem';
}
