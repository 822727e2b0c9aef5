/** Something that must not be, in words. */
export interface ChaosFault {
  kind: 'lost' | 'doubled' | 'orphan' | 'broken';
  what: string;
}

export const lost = (what: string): ChaosFault => ({ kind: 'lost', what });
export const doubled = (what: string): ChaosFault => ({ kind: 'doubled', what });
export const orphan = (what: string): ChaosFault => ({ kind: 'orphan', what });
export const broken = (what: string): ChaosFault => ({ kind: 'broken', what });
