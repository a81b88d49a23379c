/** The list as the page holds it: rows fetched page by page, as far as somebody looks. */

import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import { filterOf, WHOLE, type Lens } from "../../backend/filters";
import type { Fault, KeyPage, KeyRow, KeySort } from "../../backend/generated/wire";

/** Rows asked for at once; the agent gives fewer where a frame is full. */
const PAGE = 100;

export class KeyListing {
  total = $state<number | null>(null);
  fault = $state.raw<Fault | null>(null);
  lens = $state.raw<Lens>(WHOLE);
  text = $state("");
  sort = $state<KeySort>("due");

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

  /** Where a key stands, among the rows that were fetched. */
  indexOf(id: string): number {
    return this.#rows.findIndex((row) => row?.id === id);
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

  /** A row was changed here: it is shown so until the list is read again. */
  put(row: KeyRow): void {
    const index = this.indexOf(row.id);
    if (index >= 0) {
      const rows = this.#rows.slice();
      rows[index] = row;
      this.#rows = rows;
    }
  }

  /** The rows from one place to another, fetched where they are missing. */
  async rows(from: number, to: number): Promise<KeyRow[]> {
    const question = this.#question;
    for (let index = from; index < to && question === this.#question; index += 1) {
      if (this.#rows[index] === undefined) {
        await this.#fetch(index, question);
        if (this.#rows[index] === undefined) {
          break;
        }
      }
    }
    return this.#rows.slice(from, to).filter((row) => row !== undefined);
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
    const filter = filterOf(this.lens, this.text);
    const sort = this.sort;
    try {
      const page = await this.#backend.call("list", { filter, sort, offset, limit: PAGE });
      if (question === this.#question) {
        this.#take(page, offset, JSON.stringify([filter, sort]));
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
    this.fault = null;
  }
}
