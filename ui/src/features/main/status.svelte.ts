/** What the agent says of the vault and its keys, asked again while the window can be seen. */

import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type { ExchangeView, Facets, Fault, StatusView } from "../../backend/generated/wire";
import { standingOf, type Standing } from "../../components/severity";

/** Milliseconds between two looks. The shell notices a locked vault by itself. */
const PAUSE = 5_000;
/** While something is counted down in sight, the words follow. */
const TICK = 1_000;

export class Status {
  /** `null` while nothing is known: before the first answer, and when the agent is gone. */
  view = $state.raw<StatusView | null>(null);
  facets = $state.raw<Facets | null>(null);
  /** How many findings are open; `null` until the vault is verified. */
  findings = $state.raw<Standing | null>(null);
  exchanges = $state.raw<readonly ExchangeView[]>([]);
  /** Why the last look did not succeed. */
  fault = $state.raw<Fault | null>(null);
  /** The page's clock, moved with each look so that words about time stay true. */
  nowMs = $state(Date.now());
  /** Grows whenever the vault may have changed. */
  revision = $state(0);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Milliseconds of the grace that are left. */
  get graceMs(): number {
    return Math.max(0, (this.view?.grace_until_ms ?? 0) - this.nowMs);
  }

  async look(): Promise<void> {
    try {
      const view = await this.#backend.call("status", {});
      const wasVerified = this.view?.verified;
      this.view = view;
      this.fault = null;
      if (wasVerified === null && view.verified !== null) {
        // What waited for the verification can be asked for now.
        this.changed();
      }
    } catch (refusal) {
      // The shell notices the same and changes the window, which has words for it.
      this.view = null;
      this.fault = toFault(refusal);
    }
    this.nowMs = Date.now();
  }

  async count(): Promise<void> {
    try {
      this.facets = await this.#backend.call("facets", {});
    } catch {
      // The list says why nothing can be read; the counts stay as they were.
    }
    try {
      const { rules } = await this.#backend.call("health", { offset: 0, about: null });
      this.findings = standingOf(rules);
    } catch {
      // Nothing is counted before the vault is verified; the view itself says why.
    }
  }

  async learn(): Promise<void> {
    try {
      this.exchanges = (await this.#backend.call("exchange_list", {})).exchanges;
    } catch {
      // Names can be typed without the catalogue.
    }
  }

  /** The vault may have changed: everything that shows it reads it again. */
  changed(): void {
    this.revision += 1;
    void this.look();
    void this.count();
  }

  /** Looks now and then until the returned function is called; not while hidden. */
  keepLooking(): () => void {
    void this.look();
    void this.count();
    void this.learn();
    const isSeen = () => document.visibilityState === "visible";
    const looking = setInterval(() => {
      if (isSeen()) {
        void this.look();
      }
    }, PAUSE);
    const ticking = setInterval(() => {
      if (!isSeen()) {
        return;
      }
      if (this.view?.verified === null) {
        // A verification ends soon, and much waits for it.
        void this.look();
      } else if (this.graceMs > 0) {
        this.nowMs = Date.now();
      }
    }, TICK);
    return () => {
      clearInterval(looking);
      clearInterval(ticking);
    };
  }
}
