export interface GrammarContext {
  /** The command as the configuration names it: `/claude`. */
  commandName: string;
}
