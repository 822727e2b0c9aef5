const forms: readonly RegExp[] = [
  /^web:[^\s:*@]{1,64}$/,
  // Users begin with U, those of another workspace of an enterprise with W.
  /^slack:[UW][A-Z0-9]{1,20}$/,
  /^discord:\d{1,20}$/,
];

/** Whether `text` has the form of a person's reference: `web:ada`, `slack:U012AB3CD`, `discord:80351110224678912`. */
export const isPersonReference = (text: string): boolean => forms.some((form) => form.test(text));
