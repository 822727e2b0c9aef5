/** Something that people who look at the page must see at once. */
export interface WebChange {
  kind: 'added' | 'edited' | 'reactions';
  /** The message's id. */
  message: number;
}
