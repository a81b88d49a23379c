/** One thing asked of the agent or the shell: its answer, why there is none, and whether it runs. */

import { Acting } from "../../backend/acting.svelte";

export class Part<T> extends Acting {
  /** The last answer; it stays while a newer one is asked for. */
  value = $state.raw<T | null>(null);

  readonly #ask: () => Promise<T>;

  constructor(ask: () => Promise<T>) {
    super();
    this.#ask = ask;
  }

  async load(): Promise<void> {
    await this.run(this.#ask);
  }

  /** Does something that answers with the same. `false` where it was refused. */
  run(ask: () => Promise<T>): Promise<boolean> {
    return this.act(async () => {
      this.value = await ask();
    });
  }
}
