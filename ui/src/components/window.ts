/** Which rows of a long table are drawn. Nothing here knows what a row is. */

export interface Range {
  /** First row drawn. */
  from: number;
  /** One past the last. */
  to: number;
}

/** Rows drawn beyond each edge, so that a quick scroll meets rows and not emptiness. */
const MARGIN = 3;

export function visible(scrollTop: number, height: number, rowHeight: number, total: number): Range {
  const first = Math.floor(scrollTop / rowHeight) - MARGIN;
  const last = Math.ceil((scrollTop + height) / rowHeight) + MARGIN;
  return { from: Math.max(0, Math.min(first, total)), to: Math.max(0, Math.min(last, total)) };
}

/** How many rows are ever drawn at once at this height: the pool that is used again and again. */
export function pool(height: number, rowHeight: number): number {
  return Math.ceil(height / rowHeight) + 1 + 2 * MARGIN;
}

/**
 * Which row the place `slot` of a pool of `size` shows when rows from `from` on are drawn: a row
 * keeps its place while it is in sight, so that scrolling by one changes one place.
 */
export function rowOf(slot: number, from: number, size: number): number {
  return from + ((((slot - from) % size) + size) % size);
}

/** Where to scroll so that a row is seen whole; the present place if it is. */
export function reveal(scrollTop: number, height: number, rowHeight: number, row: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) {
    return top;
  }
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
