/** One share on its way: with whom, what, for how long, and what that would give to whom. */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type { Fault, ShareAsk, ShareKeyRow, SharePreview, ShareRole, ShareScope } from "../../backend/generated/wire";
import { isEmpty, WHOLE } from "./scope";

export const EXPIRIES = ["7", "1", "30", "never"] as const;
export type Expiry = (typeof EXPIRIES)[number];

const DAY = 86_400_000;

export class Sharing extends Acting {
  to = $state.raw<readonly string[]>([]);
  /** Nobody is known yet: only the passphrase opens it. */
  isFirstContact = $state(false);
  isLess = $state(false);
  role = $state<ShareRole>("auditor");
  scope = $state.raw<ShareScope>(WHOLE);
  history = $state(false);
  expiry = $state<Expiry>("7");
  passphrase = $state(false);

  preview = $state.raw<SharePreview | null>(null);
  keys = $state.raw<readonly ShareKeyRow[]>([]);
  /** Why it cannot be made so. */
  previewFault = $state.raw<Fault | null>(null);
  isLooking = $state(false);

  readonly #backend: Backend;
  /** Answers to a question that was asked anew are thrown away. */
  #question = 0;
  #isReading = false;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
  }

  /** What would be asked for; `null` where something is missing. `nowMs` only sets the end. */
  ask(nowMs: number): ShareAsk | null {
    const names = this.isFirstContact || this.isLess;
    if ((this.to.length === 0 && !this.isFirstContact) || (names && isEmpty(this.scope))) {
      return null;
    }
    return {
      to: this.isFirstContact ? [] : [...this.to],
      role: names ? this.role : null,
      scope: names ? this.scope : null,
      history: this.history,
      expires_ms: this.expiry === "never" ? null : nowMs + Number(this.expiry) * DAY,
      passphrase: this.passphrase || this.isFirstContact,
    };
  }

  /** A share that was made before, for others. */
  begin(ask: ShareAsk): void {
    this.to = ask.to;
    this.isLess = ask.role !== null || ask.scope !== null;
    this.role = ask.role ?? "auditor";
    this.scope = ask.scope ?? WHOLE;
    this.history = ask.history;
    this.passphrase = ask.passphrase;
  }

  toggle(id: string): void {
    this.to = this.to.includes(id) ? this.to.filter((other) => other !== id) : [...this.to, id];
  }

  /** Who would get what. Nothing is made by it. */
  async look(nowMs: number): Promise<void> {
    const share = this.ask(nowMs);
    this.#question += 1;
    const question = this.#question;
    if (share === null) {
      this.#forget();
      return;
    }
    this.isLooking = true;
    try {
      const preview = await this.#backend.call("share_preview", { share, offset: 0 });
      if (question === this.#question) {
        this.preview = preview;
        this.keys = preview.keys;
        this.previewFault = null;
        this.isLooking = false;
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.#forget();
        this.previewFault = toFault(refusal);
      }
    }
  }

  /** Reads on until this row is there. */
  async reach(row: number, nowMs: number): Promise<void> {
    const share = this.ask(nowMs);
    const question = this.#question;
    if (this.#isReading || share === null) {
      return;
    }
    this.#isReading = true;
    try {
      while (this.preview?.next != null && this.keys.length <= row && question === this.#question) {
        const page: SharePreview = await this.#backend.call("share_preview", { share, offset: this.preview.next });
        if (question === this.#question && page.agreed !== this.preview.agreed) {
          // Something changed between two pages: what is shown is of one moment.
          this.preview = null;
          void this.look(nowMs);
        } else if (question === this.#question) {
          this.keys = [...this.keys, ...page.keys];
          this.preview = { ...this.preview, next: page.next };
        }
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.previewFault = toFault(refusal);
      }
    } finally {
      this.#isReading = false;
    }
  }

  #forget(): void {
    this.preview = null;
    this.keys = [];
    this.previewFault = null;
    this.isLooking = false;
  }
}
