/** One thing asked of the agent or the shell: its answer, why there is none, and whether it runs. */

import { toFault } from "../../backend/errors";
import type { Fault } from "../../backend/generated/wire";

export class Part<T> {
  /** The last answer; it stays while a newer one is asked for. */
  value = $state.raw<T | null>(null);
  fault = $state.raw<Fault | null>(null);
  isRunning = $state(false);

  readonly #ask: () => Promise<T>;

  constructor(ask: () => Promise<T>) {
    this.#ask = ask;
  }

  async load(): Promise<void> {
    await this.run(this.#ask);
  }

  /** Does something that answers with the same. `false` where it was refused. */
  async run(ask: () => Promise<T>): Promise<boolean> {
    this.isRunning = true;
    this.fault = null;
    try {
      this.value = await ask();
      return true;
    } catch (refusal) {
      this.fault = toFault(refusal);
      return false;
    } finally {
      this.isRunning = false;
    }
  }
}
