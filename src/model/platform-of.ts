/** The platform of a reference to a channel or a person: `slack:C012` → `slack`. */
export const platformOf = (reference: string): string => reference.slice(0, reference.indexOf(':'));
