/** The proof of the log: not asked for yet, running, shown, or refused. */

import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type { AuditVerified, Fault } from "../../backend/generated/wire";

export class Proof {
  verified = $state.raw<AuditVerified | null>(null);
  atMs = $state(0);
  fault = $state.raw<Fault | null>(null);
  isRunning = $state(false);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async verify(): Promise<void> {
    if (this.isRunning) {
      return;
    }
    this.isRunning = true;
    this.fault = null;
    try {
      this.verified = await this.#backend.call("audit_verify", {});
      this.atMs = Date.now();
    } catch (refusal) {
      // What was shown before does not hold any more.
      this.verified = null;
      this.fault = toFault(refusal);
    } finally {
      this.isRunning = false;
    }
  }
}
