/**
 * How long the page works on what moves: kept as the page's own measures, which a test reads.
 * With `data-measure` on the root the layout is asked for at once, so that it counts too.
 */

/** Entries kept of one name; a window stays open for days. */
const MOST = 4_000;

const kept = new Map<string, number>();

export function paced(name: string, sinceMs: number, layoutOf?: HTMLElement): void {
  if (layoutOf !== undefined && document.documentElement.dataset.measure !== undefined) {
    layoutOf.getBoundingClientRect();
  }
  const count = (kept.get(name) ?? 0) + 1;
  if (count > MOST) {
    performance.clearMeasures(name);
  }
  kept.set(name, count > MOST ? 1 : count);
  performance.measure(name, { start: sinceMs, end: performance.now() });
}
