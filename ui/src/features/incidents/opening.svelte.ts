/** An incident before it is opened: what happened, whose keys are meant, which those are. */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import { EVERYTHING } from "../../backend/filters";
import type { Facets, Fault, HeldKey, KeysOf, PlaybookView } from "../../backend/generated/wire";
import { heldBy } from "../../backend/held";
import type { WhoseKind } from "../../i18n/en-incidents";
import { t } from "../../i18n/en";

/** Whose keys a playbook is usually about. */
const USUAL: Record<string, WhoseKind> = {
  "key-leaked": "key",
  "vendor-breached": "vendor",
  "laptop-lost": "host",
  "person-left": "person",
  phished: "exchange",
  "exchange-breached": "exchange",
};

export const KINDS: readonly WhoseKind[] = ["key", "vendor", "consumer", "person", "host", "exchange", "all"];

const KEYS_OFFERED = 200;

export class Opening extends Acting {
  playbook = $state("");
  kind = $state<WhoseKind>("vendor");
  name = $state("");
  title = $state("");
  /** Names that can be meant, by their kind. */
  suggestions = $state.raw<Partial<Record<WhoseKind, readonly string[]>>>({});
  /** The keys that are concerned; `null` while that is not known. */
  keys = $state.raw<readonly HeldKey[] | null>(null);
  total = $state<number | null>(null);
  /** Why the name means nobody. */
  nameFault = $state.raw<Fault | null>(null);
  isLooking = $state(false);

  readonly #backend: Backend;
  /** Answers to a question that was asked anew are thrown away. */
  #question = 0;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
  }

  choosePlaybook(id: string): void {
    this.playbook = id;
    const usual = USUAL[id];
    if (usual !== undefined && usual !== this.kind) {
      this.chooseKind(usual);
    }
  }

  /** Begins with a vendor that is known already; whether it did. */
  begin(about: string): boolean {
    if (!about.startsWith("vendor:")) {
      return false;
    }
    this.choosePlaybook("vendor-breached");
    this.name = about.slice("vendor:".length);
    void this.look();
    return true;
  }

  chooseKind(kind: WhoseKind): void {
    this.kind = kind;
    this.name = "";
    this.forget();
  }

  forget(): void {
    this.#question += 1;
    this.keys = null;
    this.total = null;
    this.nameFault = null;
    this.isLooking = false;
  }

  readonly whose = $derived.by((): KeysOf | null => {
    const name = this.name.trim();
    if (this.kind === "all") {
      return { kind: "all" };
    }
    if (name === "") {
      return null;
    }
    return this.kind === "key" ? { kind: "keys", keys: [name] } : { kind: this.kind, name };
  });

  /** The same in words. */
  readonly about = $derived(t.incidents.about[this.kind](this.name.trim()));

  usualTitle(playbooks: readonly PlaybookView[]): string {
    const playbook = playbooks.find(({ text }) => text.id === this.playbook);
    return `${playbook?.title ?? ""}: ${this.about}`;
  }

  /** Who can be named; what cannot be read is typed. */
  async suggest(facets: Facets | null): Promise<void> {
    try {
      const [{ vendors }, { consumers }, page] = await Promise.all([
        this.#backend.call("vendors", {}),
        this.#backend.call("consumers", {}),
        this.#backend.call("list", { filter: { ...EVERYTHING, archived: true }, sort: "label", offset: 0, limit: KEYS_OFFERED }),
      ]);
      const names = (kind: string) => consumers.filter((one) => one.kind === kind).map(({ name }) => name);
      const hosts = [...names("host"), ...consumers.flatMap(({ host }) => (host === null ? [] : [host]))];
      const ofConsumers = consumers.flatMap(({ vendor }) => (vendor === null ? [] : [vendor]));
      this.suggestions = {
        vendor: once([...vendors.map(({ name }) => name), ...ofConsumers]),
        consumer: once(consumers.filter(({ kind }) => kind !== "person").map(({ name }) => name)),
        person: once(names("person")),
        host: once(hosts),
        exchange: once((facets?.exchanges ?? []).map(({ value }) => value)),
        key: once(page.rows.map(({ label }) => label)),
      };
    } catch {
      this.suggestions = {};
    }
  }

  /** Which keys it would be. Nothing is changed by it. */
  async look(): Promise<void> {
    const { whose } = this;
    this.forget();
    if (whose === null) {
      return;
    }
    const question = this.#question;
    this.isLooking = true;
    try {
      const held = await heldBy(this.#backend, whose, true);
      if (question === this.#question) {
        this.keys = held.keys;
        this.total = held.total;
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.nameFault = toFault(refusal);
      }
    } finally {
      if (question === this.#question) {
        this.isLooking = false;
      }
    }
  }

  /** The id of the incident; `null` where it was refused. */
  async open(playbooks: readonly PlaybookView[]): Promise<string | null> {
    const playbook = playbooks.find(({ text }) => text.id === this.playbook);
    const { whose } = this;
    if (playbook === undefined || whose === null) {
      return null;
    }
    let id: string | null = null;
    await this.act(async () => {
      const title = this.title.trim();
      const opened = await this.#backend.call("incident_open", {
        title: title === "" ? this.usualTitle(playbooks) : title,
        playbook: playbook.text,
        whose,
        about: this.about,
      });
      id = opened.id;
    });
    return id;
  }
}

const once = (names: readonly string[]): string[] =>
  [...new Set(names)].sort((a, b) => a.localeCompare(b, "en"));
