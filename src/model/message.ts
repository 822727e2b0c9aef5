import * as z from 'zod';

/**
 * Neutral markup: messages are written once and each platform renders them. A plain string is text; nothing in it is
 * markup. `person` is a reference like `web:ada`. `atMs` is shown in the reader's own zone where the platform can. A `url` that
 * begins with `/` is a place of nightdesk's page: platforms elsewhere put the page's address in front.
 */
export const inlineSchema = z.union([
  z.string(),
  z.object({ kind: z.literal('bold'), text: z.string() }),
  z.object({ kind: z.literal('code'), text: z.string() }),
  z.object({ kind: z.literal('time'), atMs: z.int(), style: z.enum(['date-time', 'time']) }),
  z.object({ kind: z.literal('person'), id: z.string() }),
  z.object({ kind: z.literal('link'), url: z.string(), text: z.string() }),
]);

/** What buttons do. `retry-with-note` asks for the note first, `delete` asks once whether it is meant. */
export const actionKinds = [
  'retry',
  'retry-with-note',
  'cancel',
  'log',
  'run',
  'pause',
  'resume',
  'edit',
  'delete',
] as const;

/** A button. `target` is what a command would name: `r142`, or a job by its name. */
export const actionSchema = z.object({ kind: z.enum(actionKinds), target: z.string() });

export const blockSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), content: z.array(inlineSchema) }),
  /** Preformatted output of a command. */
  z.object({ kind: z.literal('output'), text: z.string() }),
  /** Claude's own words: Markdown that is made inert, labelled as its words. */
  z.object({ kind: z.literal('claude'), markdown: z.string() }),
  /** Buttons, in their order. Where a platform has none, it leaves them out. */
  z.object({ kind: z.literal('actions'), actions: z.array(actionSchema) }),
]);

export const messageSchema = z.array(blockSchema);

export type Inline = z.infer<typeof inlineSchema>;
export type Block = z.infer<typeof blockSchema>;
export type Message = z.infer<typeof messageSchema>;
export type ActionKind = (typeof actionKinds)[number];
export type Action = z.infer<typeof actionSchema>;

export const line = (...content: Inline[]): Block => ({ kind: 'line', content });
export const bold = (text: string): Inline => ({ kind: 'bold', text });
export const code = (text: string): Inline => ({ kind: 'code', text });
export const person = (id: string): Inline => ({ kind: 'person', id });
export const link = (url: string, text: string): Inline => ({ kind: 'link', url, text });
export const dateTime = (at: Date): Inline => ({ kind: 'time', atMs: at.getTime(), style: 'date-time' });
export const output = (text: string): Block => ({ kind: 'output', text });
export const claudeSays = (markdown: string): Block => ({ kind: 'claude', markdown });

export const buttons = (...list: Action[]): Block => ({ kind: 'actions', actions: list });

/** The words on the buttons, everywhere. */
export const actionLabels: Record<ActionKind, string> = {
  retry: 'Retry',
  'retry-with-note': 'Retry with a note',
  cancel: 'Cancel',
  log: 'Log',
  run: 'Run now',
  pause: 'Pause',
  resume: 'Resume',
  edit: 'Edit',
  delete: 'Delete',
};

/** What a person may do on a run's message by reacting: 🔁 and 🛑. */
export type Control = 'retry' | 'cancel';

/** The reactions that mean something on a message: those whose buttons it has. */
export const controlsIn = (message: Message): Control[] =>
  (['retry', 'cancel'] as const).filter((control) =>
    message.some((block) => block.kind === 'actions' && block.actions.some(({ kind }) => kind === control)),
  );
