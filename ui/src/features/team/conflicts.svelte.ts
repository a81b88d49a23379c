/** What was changed on two sides: both values, until one is chosen. */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import type { ConflictRow } from "../../backend/generated/wire";

export class Conflicts extends Acting {
  rows = $state.raw<readonly ConflictRow[] | null>(null);
  total = $state(0);

  readonly #backend: Backend;
  #next: number | null = null;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
  }

  readonly left = $derived(this.total - (this.rows?.length ?? 0));

  async load(): Promise<void> {
    await this.#read(0, []);
  }

  async more(): Promise<void> {
    if (this.#next !== null) {
      await this.#read(this.#next, this.rows ?? []);
    }
  }

  async choose(entry: string, write: string): Promise<boolean> {
    const isDone = await this.act(() => this.#backend.call("conflict_resolve", { choose: [{ entry, write }] }));
    if (isDone) {
      await this.load();
    }
    return isDone;
  }

  async #read(offset: number, before: readonly ConflictRow[]): Promise<void> {
    await this.act(async () => {
      const page = await this.#backend.call("conflict_list", { offset });
      this.rows = [...before, ...page.conflicts];
      this.total = page.total;
      this.#next = page.next;
    });
  }
}
