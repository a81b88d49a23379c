/** What somebody was given and still knows, worst first; read page by page as it is looked at. */

import { untrack } from "svelte";

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import type { RotateListPage, RotateRow } from "../../backend/generated/wire";

export class RotateEntries extends Acting {
  rows = $state.raw<readonly RotateRow[] | null>(null);
  open = $state(0);
  total = $state(0);

  readonly #backend: Backend;
  readonly #contact: string;
  #next: number | null = null;
  #isReading = false;

  constructor(backend: Backend, contact: string) {
    super();
    this.#backend = backend;
    this.#contact = contact;
  }

  async load(): Promise<void> {
    await this.#read(0, [], 0);
  }

  /** Reads on until this row is there. */
  async reach(row: number): Promise<void> {
    const rows = untrack(() => this.rows);
    if (this.#next !== null && rows !== null && rows.length <= row) {
      await this.#read(row, rows, this.#next);
    }
  }

  async #read(row: number, before: readonly RotateRow[], from: number): Promise<void> {
    // A table asks again with every row that comes in sight.
    if (this.#isReading) {
      return;
    }
    this.#isReading = true;
    await this.act(async () => {
      let rows = before;
      let next: number | null = from;
      while (next !== null && rows.length <= row) {
        const page: RotateListPage = await this.#backend.call("rotate_list", { contact: this.#contact, offset: next });
        rows = [...rows, ...page.rows];
        next = page.next;
        this.rows = rows;
        this.open = page.open;
        this.total = page.total;
        this.#next = next;
      }
    });
    this.#isReading = false;
  }
}
