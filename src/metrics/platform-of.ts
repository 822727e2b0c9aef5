/** `slack:C012` → `slack`. */
export const platformOf = (channel: string): string => channel.slice(0, channel.indexOf(':'));
