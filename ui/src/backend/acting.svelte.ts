/** What every page that acts has: one act at a time, and the refusal of the last. */

import { toFault } from "./errors";
import type { Fault } from "./generated/wire";

export class Acting {
  isBusy = $state(false);
  fault = $state.raw<Fault | null>(null);

  /** Whether it was done; if not, why stands in `fault`. */
  protected async act(send: () => Promise<unknown>): Promise<boolean> {
    this.isBusy = true;
    this.fault = null;
    try {
      await send();
      return true;
    } catch (refusal) {
      this.fault = toFault(refusal);
      return false;
    } finally {
      this.isBusy = false;
    }
  }
}
