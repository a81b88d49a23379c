/** Keys on their way out: which and in which form, what that would give out, and whether it is meant. */

import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type { ExportFormat, ExportPlan, ExportWhich, Fault } from "../../backend/generated/wire";

/**
 * Those of one file in plaintext. Folders are laid out by the command line, and the password of a
 * KeePass database is asked for there.
 */
export const FORMATS: readonly ExportFormat[] = ["json", "csv", "env", "freqtrade", "passivbot", "ccxt", "kubernetes"];

export type Which = ExportWhich["kind"];

export class Exporting {
  format = $state<ExportFormat>("json");
  kind = $state<Which>("all");
  tag = $state("");
  keys = $state.raw<readonly string[]>([]);

  plan = $state.raw<ExportPlan | null>(null);
  fault = $state.raw<Fault | null>(null);
  isLooking = $state(false);

  readonly #backend: Backend;
  /** Answers to a question that was asked anew are thrown away. */
  #question = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** `null` where it is not said yet. */
  readonly which = $derived.by((): ExportWhich | null => {
    switch (this.kind) {
      case "all":
        return { kind: "all" };
      case "tag":
        return this.tag.trim() === "" ? null : { kind: "tag", tag: this.tag.trim() };
      case "keys":
        return this.keys.length === 0 ? null : { kind: "keys", keys: [...this.keys] };
    }
  });

  /** What would leave. No secret is opened for it. */
  async look(): Promise<void> {
    const { which, format } = this;
    this.#question += 1;
    const question = this.#question;
    if (which === null) {
      this.plan = null;
      this.fault = null;
      this.isLooking = false;
      return;
    }
    this.isLooking = true;
    let plan: ExportPlan | null = null;
    let fault: Fault | null = null;
    try {
      plan = await this.#backend.call("export_plan", { which, format });
    } catch (refusal) {
      fault = toFault(refusal);
    }
    if (question === this.#question) {
      this.plan = plan;
      this.fault = fault;
      this.isLooking = false;
    }
  }
}
