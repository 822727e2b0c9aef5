const nearEndPx = 60;

/**
 * Keeps a scrolled list at its end while the reader is there. Where they read further up it stands still, and `newer` shows
 * that something has come.
 */
export function keepAtEnd(scroll, list, newer) {
  let isAtEnd = true;
  let top = 0;
  const go = () => {
    scroll.scrollTop = scroll.scrollHeight;
    isAtEnd = true;
    top = scroll.scrollTop;
    newer.hidden = true;
  };
  // A reader who has just scrolled up is seen by the place: the event comes only with the next frame.
  const isHere = () => isAtEnd && scroll.scrollTop > top - nearEndPx;
  scroll.addEventListener('scroll', () => {
    isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < nearEndPx;
    top = scroll.scrollTop;
    if (isAtEnd) newer.hidden = true;
  });
  const sizes = new ResizeObserver(() => {
    if (isHere()) go();
  });
  sizes.observe(scroll);
  sizes.observe(list);
  newer.addEventListener('click', go);
  return {
    go,
    /** Something was added at the end. */
    grew() {
      if (isHere()) go();
      else newer.hidden = false;
    },
  };
}
