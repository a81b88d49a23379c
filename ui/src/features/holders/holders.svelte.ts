/** Who holds keys, what was found out about vendors, and what somebody holds or ever held. */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type {
  ConsumerSet,
  ConsumerView,
  Fault,
  HeldKey,
  KeysOf,
  VendorSet,
  VendorView,
} from "../../backend/generated/wire";
import { heldBy } from "../../backend/held";
import { dayOf, isoDate } from "../../components/when";
import { t } from "../../i18n/en";

export type Tab = "consumers" | "vendors" | "held";
export const TABS: readonly Tab[] = ["consumers", "vendors", "held"];

/** What of the view one came for, from its place. */
export interface Place {
  tab: Tab;
  /** Whose page is open; empty for a new one, `null` for none. */
  name: string | null;
}

/** `vendor:Acme`, `consumer:`, `vendors`: as other views name a place here. */
export function placeOf(text: string): Place {
  const [kind, name] = [text.split(":")[0] ?? "", text.includes(":") ? text.slice(text.indexOf(":") + 1) : null];
  if (kind === "vendor") {
    return { tab: "vendors", name };
  }
  if (kind === "consumer") {
    return { tab: "consumers", name };
  }
  return { tab: TABS.find((tab) => tab === kind) ?? "consumers", name: null };
}

export const placeNamed = (tab: Tab, name: string): string => `${tab === "vendors" ? "vendor" : "consumer"}:${name}`;

export const sameName = (a: string, b: string): boolean =>
  a.trim().toLocaleLowerCase("en") === b.trim().toLocaleLowerCase("en");

export class Holders extends Acting {
  consumers = $state.raw<readonly ConsumerView[] | null>(null);
  vendors = $state.raw<readonly VendorView[]>([]);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
  }

  /** Vendors that are recorded, and those that are only named by a consumer. */
  readonly vendorNames = $derived(
    [
      ...new Set([
        ...this.vendors.map(({ name }) => name),
        ...(this.consumers ?? []).flatMap(({ vendor }) => (vendor === null ? [] : [vendor])),
      ]),
    ].sort((a, b) => a.localeCompare(b, "en")),
  );

  async load(): Promise<void> {
    try {
      const [consumers, vendors] = await Promise.all([
        this.#backend.call("consumers", {}),
        this.#backend.call("vendors", {}),
      ]);
      this.consumers = consumers.consumers;
      this.vendors = vendors.vendors;
      this.fault = null;
    } catch (refusal) {
      this.fault = toFault(refusal);
    }
  }

  async setConsumer(request: ConsumerSet): Promise<boolean> {
    return await this.#change(() => this.#backend.call("consumer_set", request));
  }

  async setVendor(request: VendorSet): Promise<boolean> {
    return await this.#change(() => this.#backend.call("vendor_set", request));
  }

  async #change(send: () => Promise<unknown>): Promise<boolean> {
    if (!(await this.act(send))) {
      return false;
    }
    await this.load();
    return this.fault === null;
  }
}

/** The keys of somebody, now or ever. */
export class Holding {
  keys = $state.raw<readonly HeldKey[] | null>(null);
  fault = $state.raw<Fault | null>(null);

  readonly #backend: Backend;
  /** Answers to a question that was asked anew are thrown away. */
  #question = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async look(whose: KeysOf | null, ever: boolean): Promise<void> {
    this.#question += 1;
    const question = this.#question;
    this.fault = null;
    if (whose === null) {
      this.keys = null;
      return;
    }
    try {
      const { keys } = await heldBy(this.#backend, whose, ever);
      if (question === this.#question) {
        this.keys = keys;
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.keys = null;
        this.fault = toFault(refusal);
      }
    }
  }
}

/** A day that was typed into a form: empty means none. */
export class DayField {
  value = $state("");
  error = $state("");

  constructor(ms: number | null) {
    this.value = ms === null ? "" : isoDate(ms);
  }

  /** The beginning of that day, `null` where none was typed, `undefined` where it is no date. */
  read(): number | null | undefined {
    const isEmpty = this.value.trim() === "";
    const day = isEmpty ? null : dayOf(this.value);
    this.error = !isEmpty && day === null ? t.holders.badDate : "";
    return this.error === "" ? day : undefined;
  }
}
