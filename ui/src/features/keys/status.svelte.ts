/** What the agent says of the vault, asked again while the window can be seen. */

import type { Backend } from "../../backend/backend";
import type { StatusView } from "../../backend/generated/wire";

/** Milliseconds between two looks. The shell notices a locked vault by itself. */
const PAUSE = 5_000;

export class Status {
  /** `null` while nothing is known: before the first answer, and when the agent is gone. */
  view = $state.raw<StatusView | null>(null);
  /** The page's clock, moved with each look so that words about time stay true. */
  nowMs = $state(Date.now());

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async look(): Promise<void> {
    try {
      this.view = await this.#backend.call("status", {});
    } catch {
      // The shell notices the same and changes the window, which has words for it.
      this.view = null;
    }
    this.nowMs = Date.now();
  }

  /** Looks now and then until the returned function is called; not while hidden. */
  keepLooking(): () => void {
    void this.look();
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") {
        void this.look();
      }
    }, PAUSE);
    return () => clearInterval(timer);
  }
}
