/** What was done, told for a while; a copy is counted down until the clipboard is cleared. */

import type { Said } from "../../shell";

export interface Told extends Said {
  id: number;
  /** Seconds left of something that is counted down, said by `words`. */
  left: number | null;
  words: ((left: number) => string) | null;
}

/** Long enough to read a sentence and reach its button. */
const SHOWN_MS = 8_000;
/** More at once would cover what they are about. */
const MOST = 3;

export class Toasts {
  all = $state.raw<readonly Told[]>([]);

  #next = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(said: Said): void {
    const id = this.#put({ ...said, left: null, words: null });
    this.#later(id);
  }

  /** Counts down; at the end `after` is said in its place. */
  countDown(seconds: number, words: (left: number) => string, act: Said["act"], after: string): void {
    const ends = Date.now() + seconds * 1000;
    // A clipboard holds one thing: an older countdown is about nothing any more.
    for (const told of this.all.filter(({ left }) => left !== null)) {
      this.drop(told.id);
    }
    const id = this.#put({ text: words(seconds), left: seconds, words, ...(act === undefined ? {} : { act }) });
    const step = () => {
      const left = Math.ceil((ends - Date.now()) / 1000);
      if (left <= 0) {
        this.#change(id, { text: after, left: null, act: undefined });
        this.#later(id);
        return;
      }
      this.#change(id, { text: words(left), left });
      this.#timers.set(id, setTimeout(step, 250));
    };
    this.#timers.set(id, setTimeout(step, 250));
  }

  drop(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.all = this.all.filter((told) => told.id !== id);
  }

  /** Somebody reads or reaches for it: it stays. */
  hold(id: number): void {
    if (this.all.find((told) => told.id === id)?.left === null) {
      clearTimeout(this.#timers.get(id));
    }
  }

  release(id: number): void {
    if (this.all.find((told) => told.id === id)?.left === null) {
      this.#later(id);
    }
  }

  clear(): void {
    for (const { id } of this.all) {
      this.drop(id);
    }
  }

  #put(told: Omit<Told, "id">): number {
    const id = this.#next;
    this.#next += 1;
    for (const old of this.all.slice(0, Math.max(0, this.all.length - MOST + 1))) {
      this.drop(old.id);
    }
    this.all = [...this.all, { ...told, id }];
    return id;
  }

  #change(id: number, more: { text: string; left: number | null; act?: undefined }): void {
    this.all = this.all.map((told) => {
      if (told.id !== id) {
        return told;
      }
      const { act, ...rest } = told;
      const keeps = "act" in more || act === undefined ? {} : { act };
      return { ...rest, ...keeps, text: more.text, left: more.left };
    });
  }

  #later(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(id, setTimeout(() => this.drop(id), SHOWN_MS));
  }
}
