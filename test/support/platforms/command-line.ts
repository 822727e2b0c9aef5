import type { Subcommand } from '../../../src/model/grammar/subcommands.ts';

/** What stands behind the command without a flag, in its order. */
const positional = ['goal', 'job', 'run', 'topic', 'note'];

/** The options of a command as somebody types them in a line. */
export function commandLine(name: Subcommand, options: Record<string, string> = {}): string {
  const isPositional = (option: string): boolean =>
    positional.includes(option) && !(name === 'edit' && option === 'goal');
  const words = positional.flatMap((option) => (isPositional(option) && options[option]) || []);
  const flags = Object.entries(options).flatMap(([option, value]) => {
    if (isPositional(option)) return [];
    if (option === 'until' || option === 'for') return [option, value];
    return value.split('\n').flatMap((each) => [`--${option}`, `"${each}"`]);
  });
  return [name, ...words, ...flags].join(' ');
}
