import type { Command } from '../model/command.ts';
import type { Button } from './button-id.ts';

/**
 * The command that a click on `button` gives; `note` is what was asked for a `retry-with-note`. Undefined for the buttons
 * that open a form first.
 */
export function buttonCommand({ kind, target }: Button, note = ''): Command | undefined {
  switch (kind) {
    case 'retry':
      return { name: 'retry', target };
    case 'retry-with-note':
      return note.trim() === '' ? { name: 'retry', target } : { name: 'retry', target, note: note.trim() };
    case 'cancel':
    case 'log':
    case 'run':
    case 'pause':
    case 'resume':
    case 'delete':
      return { name: kind, target };
    case 'delete-confirmed':
      return { name: 'delete', target };
    case 'edit':
    case 'fix-it':
      return undefined;
  }
}
