import { parseZone } from '../model/schedule/parse-zone.ts';
import { UserError } from '../model/user-error.ts';
import type { DeskSettings } from './desk-settings.ts';

/** Where words of time are said, and by whom. */
export interface Place {
  channel: string;
  /** The person's own zone, where their platform knows it. */
  zone?: string | undefined;
}

/** The zone of words that name none: the channel's, else the person's own, else the host's. */
export const usualZone = ({ channels, hostZone }: DeskSettings, { channel, zone }: Place): string =>
  channels.get(channel)?.zone ?? knownZone(zone) ?? hostZone;

/** A platform may know zones that this machine does not. */
function knownZone(zone: string | undefined): string | undefined {
  if (zone === undefined) return undefined;
  try {
    return parseZone(zone);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
