/** The list as the page holds it: rows fetched page by page, as far as somebody looks. */

import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type { Fault, KeyFilter, KeyRow } from "../../backend/generated/wire";

export type View = "all" | "due" | "archived";

/** What "due" means here and in the counts of the status. */
const DUE_WITHIN_DAYS = 30;

/** Rows asked for at once; the agent gives fewer where a frame is full. */
const PAGE = 100;

export class KeyListing {
  total = $state<number | null>(null);
  fault = $state.raw<Fault | null>(null);
  view = $state<View>("all");
  text = $state("");

  #rows = $state.raw<(KeyRow | undefined)[]>([]);
  readonly #backend: Backend;
  /** Answers to an older question are thrown away. */
  #question = 0;
  #fetching = new Set<number>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  row(index: number): KeyRow | undefined {
    return this.#rows[index];
  }

  /** Asks anew from the start. What is shown stays until the answer is there. */
  async ask(): Promise<void> {
    this.#question += 1;
    this.#fetching.clear();
    await this.#fetch(0, this.#question);
  }

  /** Fetches what is missing between two rows. */
  async ensure(from: number, to: number): Promise<void> {
    if (this.total === null) {
      return;
    }
    for (let index = from; index < Math.min(to, this.total); index += 1) {
      if (this.#rows[index] === undefined && !this.#isComing(index)) {
        await this.#fetch(index, this.#question);
        return;
      }
    }
  }

  #isComing(index: number): boolean {
    for (const start of this.#fetching) {
      if (index >= start && index < start + PAGE) {
        return true;
      }
    }
    return false;
  }

  async #fetch(offset: number, question: number): Promise<void> {
    this.#fetching.add(offset);
    try {
      const page = await this.#backend.call("list", {
        filter: this.#filter(),
        sort: "due",
        offset,
        limit: PAGE,
      });
      if (question !== this.#question) {
        return;
      }
      const isFresh = offset === 0 || page.total !== this.total;
      const rows: (KeyRow | undefined)[] = isFresh
        ? new Array<undefined>(page.total).fill(undefined)
        : this.#rows.slice();
      page.rows.forEach((row, at) => (rows[offset + at] = row));
      this.#rows = rows;
      this.total = page.total;
      this.fault = null;
    } catch (refusal) {
      if (question === this.#question) {
        this.fault = toFault(refusal);
      }
    } finally {
      if (question === this.#question) {
        this.#fetching.delete(offset);
      }
    }
  }

  #filter(): KeyFilter {
    const text = this.text.trim();
    return {
      text: text === "" ? null : text,
      exchange: null,
      account: null,
      environment: null,
      state: this.view === "archived" ? "archived" : null,
      permission: null,
      tag: null,
      consumer: null,
      due_within_days: this.view === "due" ? DUE_WITHIN_DAYS : null,
      archived: this.view === "archived",
    };
  }
}
