/** Going from row to row of a list that is no table, by arrows, j and k. */

/**
 * Moves the focus if the key says so; from nowhere it begins with the first row. Each row has one
 * control marked `data-first`.
 */
export function walkRows(event: KeyboardEvent, list: HTMLElement | undefined, row: string): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  const target = event.target;
  const isOurs = target === document.body || (target instanceof Node && list?.contains(target) === true);
  const isTyping = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  const isWithOthers = event.ctrlKey || event.altKey || event.metaKey;
  if (step === undefined || !isOurs || isTyping || isWithOthers || event.defaultPrevented) {
    return;
  }
  const firsts = [...(list?.querySelectorAll<HTMLElement>("[data-first]") ?? [])];
  const here = target instanceof Element ? target.closest(row) : null;
  const at = firsts.findIndex((first) => here?.contains(first));
  const next = at < 0 ? firsts[0] : firsts[at + step];
  if (next !== undefined) {
    event.preventDefault();
    next.focus();
  }
}
