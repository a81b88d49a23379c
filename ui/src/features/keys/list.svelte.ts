/** The list as the page holds it: rows fetched page by page, as far as somebody looks. */

import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type { Fault, KeyFilter, KeyPage, KeyRow } from "../../backend/generated/wire";

export type View = "all" | "due" | "archived";

/** What "due" means here and in the counts of the status. */
const DUE_WITHIN_DAYS = 30;

/** Rows asked for at once; the agent gives fewer where a frame is full. */
const PAGE = 100;

export class KeyListing {
  total = $state<number | null>(null);
  /** How many keys there are without a search, archived ones left out. */
  all = $state<number | null>(null);
  fault = $state.raw<Fault | null>(null);
  view = $state<View>("all");
  text = $state("");

  #rows = $state.raw<(KeyRow | undefined)[]>([]);
  /** What stood there before the same question was asked again: shown until it is answered. */
  #before = $state.raw<(KeyRow | undefined)[]>([]);
  readonly #backend: Backend;
  /** Answers to an older question are thrown away. */
  #question = 0;
  #asked = "";
  #isFilling = false;
  #inSight: readonly [from: number, to: number] = [0, 0];

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  row(index: number): KeyRow | undefined {
    return this.#rows[index] ?? this.#before[index];
  }

  /** Asks anew from the start. What is shown stays until the answer is there. */
  async ask(): Promise<void> {
    this.#question += 1;
    await this.#fetch(0, this.#question);
    await this.#fill();
  }

  /** Says which rows are in sight: what is missing of them is fetched. */
  async show(from: number, to: number): Promise<void> {
    this.#inSight = [from, to];
    await this.#fill();
  }

  /** One page after the other: while they come, somebody scrolls on. */
  async #fill(): Promise<void> {
    if (this.#isFilling) {
      return;
    }
    this.#isFilling = true;
    try {
      for (let index = this.#missing(); index !== null; index = this.#missing()) {
        await this.#fetch(index, this.#question);
        if (index === this.#missing()) {
          // The agent gave nothing for it: another look would give nothing again.
          return;
        }
      }
    } finally {
      this.#isFilling = false;
    }
  }

  #missing(): number | null {
    const [from, to] = this.#inSight;
    for (let index = from; index < Math.min(to, this.total ?? 0); index += 1) {
      if (this.#rows[index] === undefined) {
        return index;
      }
    }
    return null;
  }

  async #fetch(offset: number, question: number): Promise<void> {
    const filter = this.#filter();
    try {
      const page = await this.#backend.call("list", { filter, sort: "due", offset, limit: PAGE });
      if (question === this.#question) {
        this.#take(page, offset, JSON.stringify(filter));
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.fault = toFault(refusal);
      }
    }
  }

  #take(page: KeyPage, offset: number, asked: string): void {
    const isAnew = offset === 0 || page.total !== this.total;
    if (isAnew) {
      this.#before = asked === this.#asked ? this.#rows : [];
      this.#asked = asked;
    }
    const rows: (KeyRow | undefined)[] = isAnew
      ? new Array<undefined>(page.total).fill(undefined)
      : this.#rows.slice();
    page.rows.forEach((row, at) => (rows[offset + at] = row));
    this.#rows = rows;
    this.total = page.total;
    if (this.view === "all" && this.text.trim() === "") {
      this.all = page.total;
    }
    this.fault = null;
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
