/** The address of a place of the page for those who are not on it: `web.url` with `/runs/r142` behind it. */
export type PageUrl = (path: string) => string;
