/**
 * The log as far as it was read, newest first. The agent filters by one event and one key; groups
 * of events and text are looked for here, page after page.
 */

import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type { AuditEntry, AuditPage, Fault } from "../../backend/generated/wire";
import { t } from "../../i18n/en";
import { GROUPS, searched, type EventGroup } from "./events";

const PAGE = 200;
/** Rows that fit before a search stops by itself, and pages it reads at most for them. */
const ENOUGH = 60;
const MOST_PAGES = 8;

const PREFIX = "group:";
/** How a group stands among the names of events. */
export const groupValue = (group: EventGroup): string => `${PREFIX}${group}`;

export class Log {
  entries = $state.raw<readonly AuditEntry[]>([]);
  /** Entries of the whole log; `null` before the first answer. */
  size = $state<number | null>(null);
  newestMs = $state<number | null>(null);
  fault = $state.raw<Fault | null>(null);
  isReading = $state(false);
  nowMs = $state(Date.now());

  /** An event, a group of them (`group:use`), or empty for everything. */
  kind = $state("");
  /** A label or an id. */
  key = $state("");
  keyError = $state("");
  text = $state("");
  devices = $state.raw<Readonly<Record<string, string>>>({});

  /** Where the next page begins; `null` at the end of the log. */
  next = $state<number | null>(null);
  readonly #backend: Backend;
  /** Answers to an older question are thrown away. */
  #question = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  readonly shown = $derived.by(() => {
    const wanted = this.text.trim().toLocaleLowerCase("en");
    const events = this.#events();
    return this.entries.filter(
      (entry) =>
        (events === null || events.includes(entry.event)) &&
        (wanted === "" || searched(entry, this.device(entry.device)).includes(wanted)),
    );
  });

  readonly isFiltered = $derived(
    this.kind !== "" || this.key.trim() !== "" || this.text.trim() !== "",
  );

  /** How far down the log was read. */
  readonly looked = $derived(
    this.size === null ? 0 : this.size - (this.next === null ? 0 : this.next),
  );

  device(id: string): string {
    return this.devices[id] ?? id.slice(0, 8);
  }

  async loadDevices(): Promise<void> {
    try {
      const { devices } = await this.#backend.call("device_list", {});
      this.devices = Object.fromEntries(
        devices
          .filter((device) => device.kind === "device")
          .map((device) => [
            device.id,
            device.name !== "" ? device.name : device.this_device ? t.activity.thisDevice : "",
          ])
          .filter(([, name]) => name !== ""),
      );
    } catch {
      // Without names the first digits of the ids tell devices apart.
      this.devices = {};
    }
  }

  /** Asks anew from the newest entry on. */
  async ask(): Promise<void> {
    this.#question += 1;
    this.keyError = "";
    await this.#read(this.#question, null);
  }

  /** The filters of this page changed: reads on if too little of what was read fits. */
  async look(): Promise<void> {
    if (!this.isReading && this.next !== null && this.shown.length < ENOUGH) {
      await this.#read(this.#question, this.next);
    }
  }

  async more(): Promise<void> {
    if (!this.isReading && this.next !== null) {
      await this.#read(this.#question, this.next);
    }
  }

  async #read(question: number, from: number | null): Promise<void> {
    this.isReading = true;
    try {
      let before = from;
      const known = from === null ? 0 : this.shown.length;
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const page = await this.#backend.call("audit_list", this.#request(before));
        if (question !== this.#question) {
          return;
        }
        this.#take(page, before);
        before = page.next_before_seq;
        if (before === null || this.shown.length - known >= ENOUGH) {
          return;
        }
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.#refused(toFault(refusal));
      }
    } finally {
      if (question === this.#question) {
        this.isReading = false;
      }
    }
  }

  #refused(fault: Fault): void {
    if (this.key.trim() !== "" && (fault.code === "not-found" || fault.code === "ambiguous")) {
      this.keyError = fault.code === "ambiguous" ? t.fault.ambiguous() : t.activity.keyUnknown;
      this.entries = [];
      this.next = null;
    } else {
      this.fault = fault;
    }
  }

  #take(page: AuditPage, before: number | null): void {
    this.entries = before === null ? page.entries : [...this.entries, ...page.entries];
    this.size = page.size;
    this.next = page.next_before_seq;
    this.nowMs = Date.now();
    this.fault = null;
    if (before === null && !this.isFiltered) {
      this.newestMs = page.entries[0]?.utc_ms ?? null;
    }
  }

  #request(before: number | null) {
    const key = this.key.trim();
    return {
      before_seq: before,
      limit: PAGE,
      key: key === "" ? null : key,
      event: this.kind === "" || this.kind.startsWith(PREFIX) ? null : this.kind,
    };
  }

  #events(): readonly string[] | null {
    return this.kind.startsWith(PREFIX)
      ? (GROUPS[this.kind.slice(PREFIX.length) as EventGroup] ?? null)
      : null;
  }
}
