/** What somebody was given and still knows, worst first; read page by page as it is looked at. */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import type { RotateRow } from "../../backend/generated/wire";

export class RotateEntries extends Acting {
  rows = $state.raw<readonly RotateRow[] | null>(null);
  open = $state(0);
  total = $state(0);

  readonly #backend: Backend;
  readonly #contact: string;
  #next: number | null = 0;

  constructor(backend: Backend, contact: string) {
    super();
    this.#backend = backend;
    this.#contact = contact;
  }

  async load(): Promise<void> {
    this.#next = 0;
    await this.reach(0, true);
  }

  /** Reads on until this row is there. */
  async reach(row: number, isAnew = false): Promise<void> {
    if (this.isBusy) {
      return;
    }
    await this.act(async () => {
      let rows = isAnew ? [] : [...(this.rows ?? [])];
      while (this.#next !== null && rows.length <= row) {
        const page = await this.#backend.call("rotate_list", { contact: this.#contact, offset: this.#next });
        rows = [...rows, ...page.rows];
        this.rows = rows;
        this.open = page.open;
        this.total = page.total;
        this.#next = page.next;
      }
    });
  }
}
