/** Who is known: one's own card, the people, what is in conflict; where in the view one is. */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type {
  ContactAdded,
  ContactView,
  KeyChanged,
  OwnCard,
  ShareEvent,
} from "../../backend/generated/wire";

export const TABS = ["people", "shares", "conflicts"] as const;
export type Tab = (typeof TABS)[number];

/** What of the view one came for, from its place. */
export type Place =
  | { kind: "tab"; tab: Tab }
  | { kind: "person" | "offboard" | "rotate"; id: string }
  | { kind: "share"; with: string }
  | { kind: "add" | "open" };

/** `shares`, `person:1f…`, `share`, `share:1f…`, `open`: as other views name a place here. */
export function placeOf(text: string): Place {
  const [kind = "", id = ""] = text.split(":");
  switch (kind) {
    case "person":
    case "offboard":
    case "rotate":
      return id === "" ? { kind: "tab", tab: "people" } : { kind, id };
    case "share":
      return { kind, with: id };
    case "add":
    case "open":
      return { kind };
    default:
      return { kind: "tab", tab: TABS.find((tab) => tab === kind) ?? "people" };
  }
}

export class Team extends Acting {
  /** `undefined` while that is not known. */
  own = $state.raw<OwnCard | null | undefined>(undefined);
  contacts = $state.raw<readonly ContactView[] | null>(null);
  conflicts = $state(0);
  /** Somebody's card came with other keys: nothing else is done before that is decided. */
  change = $state.raw<KeyChanged | null>(null);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
  }

  /** Those with whom something can be shared. */
  readonly reachable = $derived(
    (this.contacts ?? []).filter((one) => one.role !== null && one.removed_ms === null),
  );

  person(id: string): ContactView | null {
    return this.contacts?.find((one) => one.id === id) ?? null;
  }

  async load(): Promise<void> {
    try {
      const [own, contacts, conflicts] = await Promise.all([
        this.#backend.call("own_card", {}),
        this.#everybody(),
        this.#backend.call("conflict_list", { offset: 0 }),
      ]);
      this.own = own.card;
      this.contacts = contacts;
      this.conflicts = conflicts.total;
      this.fault = null;
    } catch (refusal) {
      this.fault = toFault(refusal);
    }
  }

  async #everybody(): Promise<ContactView[]> {
    const contacts: ContactView[] = [];
    let next: number | null = 0;
    while (next !== null) {
      const page: { contacts: ContactView[]; next: number | null } = await this.#backend.call("contact_list", {
        offset: next,
      });
      contacts.push(...page.contacts);
      next = page.next;
    }
    return contacts;
  }

  async setName(name: string): Promise<boolean> {
    return await this.#change(() => this.#backend.call("own_card_set", { name }));
  }

  /** What became of a card; `null` where it was refused. */
  async add(from: { card: string } | { path: string }): Promise<ContactAdded | null> {
    let added: ContactAdded | null = null;
    await this.#change(async () => {
      added = await ("path" in from
        ? this.#backend.call("contact_file", from)
        : this.#backend.call("contact_add", from));
    });
    return added;
  }

  async verify(contact: string, fingerprint: string): Promise<boolean> {
    return await this.#change(() => this.#backend.call("contact_verify", { contact, fingerprint }));
  }

  async rename(contact: string, name: string): Promise<boolean> {
    const request = { contact, rename: name, role: null, scope: null, step_up: null };
    return await this.#change(() => this.#backend.call("contact_set", request));
  }

  async forget(contact: string): Promise<boolean> {
    return await this.#change(() => this.#backend.call("contact_remove", { contact }));
  }

  async #change(send: () => Promise<unknown>): Promise<boolean> {
    if (!(await this.act(send))) {
      return false;
    }
    await this.load();
    return true;
  }
}

/** What was shared with whom and taken from whom, newest first. */
export class History extends Acting {
  shares = $state.raw<readonly ShareEvent[] | null>(null);
  total = $state(0);
  #next: number | null = null;

  readonly #backend: Backend;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
  }

  readonly left = $derived(this.total - (this.shares?.length ?? 0));

  async load(): Promise<void> {
    await this.#read(0, []);
  }

  async more(): Promise<void> {
    if (this.#next !== null) {
      await this.#read(this.#next, this.shares ?? []);
    }
  }

  async #read(offset: number, before: readonly ShareEvent[]): Promise<void> {
    await this.act(async () => {
      const page = await this.#backend.call("share_history", { offset });
      this.shares = [...before, ...page.shares];
      this.total = page.total;
      this.#next = page.next;
    });
  }
}
