const timeFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dateTimeFormat = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const longFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const otherYearFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

/** `02:21`, in the reader's zone. */
export const renderTime = (at) => timeFormat.format(at);

/** `Tue 24 Nov, 02:00`, in the reader's zone. */
export const renderDateTime = (at) => dateTimeFormat.format(at);

/** With seconds and the zone. */
export const renderLong = (at) => longFormat.format(at);

/** `Today`, `Yesterday`, `Friday, 20 November`. */
export function renderDay(at, now) {
  const daysAgo = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (daysAgo === 0) return 'Today';
  if (daysAgo === 1) return 'Yesterday';
  return at.getFullYear() === now.getFullYear() ? dayFormat.format(at) : otherYearFormat.format(at);
}

const startOfDay = (at) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
