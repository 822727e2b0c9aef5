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

export const blockSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), content: z.array(inlineSchema) }),
  /** Preformatted output of a command. */
  z.object({ kind: z.literal('output'), text: z.string() }),
  /** Claude's own words: Markdown that is made inert, labelled as its words. */
  z.object({ kind: z.literal('claude'), markdown: z.string() }),
]);

export const messageSchema = z.array(blockSchema);

export type Inline = z.infer<typeof inlineSchema>;
export type Block = z.infer<typeof blockSchema>;
export type Message = z.infer<typeof messageSchema>;

export const line = (...content: Inline[]): Block => ({ kind: 'line', content });
export const bold = (text: string): Inline => ({ kind: 'bold', text });
export const code = (text: string): Inline => ({ kind: 'code', text });
export const person = (id: string): Inline => ({ kind: 'person', id });
export const link = (url: string, text: string): Inline => ({ kind: 'link', url, text });
export const dateTime = (at: Date): Inline => ({ kind: 'time', atMs: at.getTime(), style: 'date-time' });
export const output = (text: string): Block => ({ kind: 'output', text });
export const claudeSays = (markdown: string): Block => ({ kind: 'claude', markdown });

/** What a person may do on a run's message by reacting: 🔁 and 🛑. */
export type Control = 'retry' | 'cancel';
