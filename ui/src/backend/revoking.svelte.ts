/** Revocation: keys are given out no more from one moment, and are due until they were seen dead. */

import { Acting } from "./acting.svelte";
import type { Backend } from "./backend";
import type { RevocationView, RevokeStep } from "./generated/wire";

export class Revoking extends Acting {
  /** What can withdraw first; a key that is dead by now stays, so that one sees it done. */
  keys = $state.raw<readonly RevocationView[]>([]);
  total = $state(0);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
  }

  readonly left = $derived(this.keys.filter(({ since_ms }) => since_ms !== null).length);

  /** What is under way of all keys. */
  async read(): Promise<void> {
    await this.act(async () => {
      const { keys, total } = await this.#backend.call("revoke", { keys: [], step: "begin" });
      this.keys = keys;
      this.total = total;
    });
  }

  /** One act for all of them or for none. */
  async begin(ids: readonly string[]): Promise<boolean> {
    return await this.act(async () => {
      const done = await this.#backend.call("revoke", { keys: [...ids], step: "begin" });
      this.keys = done.keys;
      this.total = done.total;
    });
  }

  async confirm(id: string): Promise<boolean> {
    return await this.#one(id, "confirm");
  }

  async cancel(id: string): Promise<boolean> {
    const isDone = await this.#one(id, "cancel");
    if (isDone) {
      this.keys = this.keys.filter((key) => key.id !== id);
    }
    return isDone;
  }

  async #one(id: string, step: RevokeStep): Promise<boolean> {
    return await this.act(async () => {
      const [now] = (await this.#backend.call("revoke", { keys: [id], step })).keys;
      this.keys = this.keys.map((key) => (key.id === id && now !== undefined ? now : key));
    });
  }
}
