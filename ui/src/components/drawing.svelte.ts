/**
 * Which row each place of a table's pool shows. What changed is drawn over as many frames as it
 * takes, a few places in each, so that no frame is late however far somebody jumps: those in sight
 * come first, from the top.
 *
 * Not here: which rows are wanted (`window.ts`), and what a row looks like.
 */

import { flushSync } from "svelte";
import { paced } from "./pace";

/** What a frame may take for places, their layout not counted, in milliseconds. */
const BUDGET_MS = 1.2;
/** Places of a frame on the slowest machine; and of the first one, when nothing is known of it. */
const LEAST = 3;
/** How much a new measurement counts beside those before. */
const WEIGHT = 0.2;

/** A place of the pool: the row that it shows now. */
export class Place<Row> {
  /** `null` before it has ever shown one. */
  index = $state.raw<number | null>(null);
  row = $state.raw<Row | undefined>(undefined);
  /** Whether the list reaches as far as this row. */
  isUsed = $state(false);
}

export interface Wanted<Row> {
  index: number;
  row: Row | undefined;
  isUsed: boolean;
}

export class Drawing<Row> {
  places = $state.raw<readonly Place<Row>[]>([]);

  #wanted: readonly Wanted<Row>[] = [];
  /** The first row in sight. */
  #top = 0;
  #frame: number | null = null;
  /** Milliseconds that a place takes. */
  #cost = BUDGET_MS / (2 * LEAST);
  /** Layout that is forced with a mark, where somebody measures. */
  readonly #measured: () => HTMLElement | undefined;

  constructor(measured: () => HTMLElement | undefined) {
    this.#measured = measured;
  }

  /** What every place should show. A pool that shows nothing yet is drawn at once. */
  want(wanted: readonly Wanted<Row>[], top: number): void {
    this.#wanted = wanted;
    this.#top = top;
    const isFirst = !this.places.some((place) => place.isUsed);
    if (this.places.length !== wanted.length) {
      const kept = this.places.slice(0, wanted.length);
      const missing = Array.from({ length: wanted.length - kept.length }, () => new Place<Row>());
      this.places = [...kept, ...missing];
    }
    if (isFirst) {
      this.#take(wanted.length);
    } else if (this.#frame === null && this.#stale().length > 0) {
      this.#frame = requestAnimationFrame(() => this.#draw());
    }
  }

  end(): void {
    if (this.#frame !== null) {
      cancelAnimationFrame(this.#frame);
      this.#frame = null;
    }
  }

  #draw(): void {
    const began = performance.now();
    const most = Math.max(LEAST, Math.floor(BUDGET_MS / this.#cost));
    let done = 0;
    flushSync(() => {
      done = this.#take(most);
    });
    if (done > 0) {
      const took = (performance.now() - began) / done;
      this.#cost += (Math.max(took, 0.01) - this.#cost) * WEIGHT;
    }
    paced("table:frame", began, this.#measured());
    this.#frame = this.#stale().length > 0 ? requestAnimationFrame(() => this.#draw()) : null;
  }

  /** Brings so many places up to date; how many there were to bring. */
  #take(most: number): number {
    const stale = this.#stale().slice(0, most);
    for (const at of stale) {
      const place = this.places[at];
      const wanted = this.#wanted[at];
      if (place !== undefined && wanted !== undefined) {
        place.index = wanted.index;
        place.row = wanted.row;
        place.isUsed = wanted.isUsed;
      }
    }
    return stale.length;
  }

  /**
   * The places that show something else than they should: downwards from the top, then those above
   * it, and last the rows that are still on their way, which would have to be drawn twice.
   */
  #stale(): number[] {
    const rank = (at: number) => {
      const { index, row, isUsed } = this.#wanted[at] ?? { index: 0, row: undefined, isUsed: false };
      const later = isUsed && row === undefined ? 2 * this.places.length : 0;
      return later + (index >= this.#top ? index - this.#top : this.places.length + this.#top - index);
    };
    const stale: number[] = [];
    this.#wanted.forEach((wanted, at) => {
      const place = this.places[at];
      if (place?.index !== wanted.index || place.row !== wanted.row || place.isUsed !== wanted.isUsed) {
        stale.push(at);
      }
    });
    return stale.sort((one, other) => rank(one) - rank(other));
  }
}
