import { actionKinds } from '../model/message.ts';

/**
 * What a button does: an action on the run or job `target`; `fix-it` opens the form of the draft `target`;
 * `delete-confirmed` is the second click of platforms that have no dialog of their own to ask whether it is meant.
 */
export interface Button {
  kind: ButtonKind;
  target: string;
}

const buttonKinds = [...actionKinds, 'fix-it', 'delete-confirmed'] as const;
export type ButtonKind = (typeof buttonKinds)[number];

// Discord takes 100 characters. A job's name has at most 50; one that a deletion has renamed has no buttons.
const pattern = /^nd:(?<kind>[a-z-]+):(?<target>[^\p{C}]{1,80})$/u;

/** What a platform keeps with a button and gives back with a click: `nd:retry:r142`. */
export const buttonId = ({ kind, target }: Button): string => `nd:${kind}:${target}`;

/** The button of such an id; undefined for an id that is none of ours. */
export function parseButtonId(id: string): Button | undefined {
  const { kind, target } = pattern.exec(id)?.groups ?? {};
  const known = buttonKinds.find((each) => each === kind);
  return known === undefined || target === undefined ? undefined : { kind: known, target };
}
