import type { Who } from '../../model/access.ts';
import { nearest } from '../../model/nearest.ts';
import { UserError } from '../../model/user-error.ts';
import type { DeskSettings } from '../desk-settings.ts';
import { whoYouAre } from '../who-you-are.ts';
import { mayView, type CommandContext } from './command-context.ts';

/** The project of commands and forms that name none: the channel's, or the only one. */
export function usualProject(settings: DeskSettings, actor: Who & { channel: string }): string | undefined {
  const [first] = settings.projects.keys();
  const usual = settings.channels.get(actor.channel)?.project ?? (settings.projects.size === 1 ? first : undefined);
  return usual !== undefined && mayView({ settings, actor }, usual) ? usual : undefined;
}

/**
 * The project that a person means, or that the channel or the host has where none is given. Those that they may not view are
 * unknown to them. Throws a UserError that names the projects.
 */
export function findProject(context: CommandContext, given: string | undefined): string {
  const { settings, actor } = context;
  const visible = [...settings.projects.keys()].filter((name) => mayView(context, name));
  const list = visible.map((name) => `\`${name}\``).join(', ');
  if (given !== undefined) {
    if (visible.includes(given)) return given;
    const near = nearest(given, visible);
    const hint = near === undefined ? '' : ` Did you mean \`${near}\`?`;
    throw new UserError(
      `There is no project \`${given}\`${list === '' ? ' that you may use' : ''}.${hint}${list === '' ? refusedAll(actor) : ` Projects here: ${list}.`}`,
    );
  }
  const usual = usualProject(settings, actor);
  if (usual !== undefined) return usual;
  if (visible.length === 0) throw new UserError(`There is no project that you may use.${refusedAll(actor)}`);
  throw new UserError(`Which project? Add \`--project ${visible[0]}\`. Projects here: ${list}.`);
}

export const refusedAll = (who: Who): string =>
  ` ${whoYouAre(who)}; a line under \`access\` in nightdesk.yaml would allow one.`;
