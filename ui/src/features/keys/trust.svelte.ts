/**
 * Which keys trust an address. The list cannot be asked that, so each key with an allowlist is
 * looked at, one after the other; what was not looked at is said.
 */

import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import { EVERYTHING } from "../../backend/filters";
import type { Fault, KeyRow } from "../../backend/generated/wire";

/** Keys looked at for one question. */
const MOST = 600;
const PAGE = 100;

export class Trust {
  address = $state("");
  isLooking = $state(false);
  found = $state.raw<readonly KeyRow[]>([]);
  /** Keys with an allowlist that were looked at, and how many there are. */
  looked = $state(0);
  isWhole = $state(true);
  fault = $state.raw<Fault | null>(null);

  readonly #backend: Backend;
  #question = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  clear(): void {
    this.#question += 1;
    this.address = "";
    this.isLooking = false;
  }

  /** Looks for every key but one whose allowlist holds exactly this address or network. */
  async ask(address: string, but: string): Promise<void> {
    this.#question += 1;
    const question = this.#question;
    this.address = address;
    this.isLooking = true;
    this.found = [];
    this.looked = 0;
    this.isWhole = true;
    this.fault = null;
    try {
      for (let offset: number | null = 0; offset !== null; ) {
        const page: Awaited<ReturnType<typeof this.page>> = await this.page(offset);
        for (const row of page.rows) {
          if (row.id === but || row.allowlist.kind !== "listed") {
            continue;
          }
          if (this.looked >= MOST) {
            this.isWhole = false;
            return;
          }
          const view = await this.#backend.call("show", { key: row.id });
          if (question !== this.#question) {
            return;
          }
          this.looked += 1;
          const { allowlist } = view;
          if (allowlist.kind === "listed" && allowlist.rules.some((rule) => rule.address === address)) {
            this.found = [...this.found, row];
          }
        }
        offset = page.next;
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.fault = toFault(refusal);
      }
    } finally {
      if (question === this.#question) {
        this.isLooking = false;
      }
    }
  }

  private async page(offset: number) {
    return await this.#backend.call("list", {
      filter: EVERYTHING,
      sort: "label",
      offset,
      limit: PAGE,
    });
  }
}
