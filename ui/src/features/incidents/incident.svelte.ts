/** One incident: its keys with their clocks, its log, what is still to be ended. */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type {
  AuditEntry,
  HeldKey,
  IncidentView,
  RevocationView,
} from "../../backend/generated/wire";

/** What the clock of one key tells. */
export interface Clock {
  containedMs: number | null;
  deadMs: number | null;
}

export type Stands = "open" | "contained" | "dead" | "retired";

const isRetired = (key: HeldKey): boolean => key.state === "revoked" || key.state === "archived";

/** A key is at large until it is contained, and due until somebody has seen it dead. */
export function standsOf(key: HeldKey, clock: Clock): Stands {
  if (isRetired(key)) {
    return clock.deadMs === null ? "retired" : "dead";
  }
  return key.contained ? "contained" : "open";
}

/** By the audit log, whose last word counts. */
export function clocksOf(entries: readonly AuditEntry[]): ReadonlyMap<string, Clock> {
  const clocks = new Map<string, Clock>();
  for (const entry of entries) {
    if (entry.entry_id === null || entry.decision !== "allowed") {
      continue;
    }
    const clock = clocks.get(entry.entry_id) ?? { containedMs: null, deadMs: null };
    if (entry.event === "revocation-begun") {
      clock.containedMs = entry.utc_ms;
    } else if (entry.event === "revocation-confirmed") {
      clock.deadMs = entry.utc_ms;
    }
    clocks.set(entry.entry_id, clock);
  }
  return clocks;
}

const NEVER: Clock = { containedMs: null, deadMs: null };

/** What playbooks say to who has a terminal is left out where there are buttons for it. */
export const inWindow = (step: string): string => step.replaceAll(/[:,]? ?`strongroom [^`]*`/g, "");

export function filled(message: string, view: IncidentView): string {
  return message
    .replaceAll("{about}", view.about)
    .replaceAll("{opened}", new Date(view.opened_ms).toISOString().slice(0, 10))
    .replaceAll("{count}", String(view.total));
}

export class Incident extends Acting {
  view = $state.raw<IncidentView | null>(null);
  timeline = $state.raw<readonly AuditEntry[]>([]);
  /** Where each key that is contained is ended. */
  revocations = $state.raw<readonly RevocationView[]>([]);

  readonly #backend: Backend;
  readonly id: string;
  #question = 0;

  constructor(backend: Backend, id: string) {
    super();
    this.#backend = backend;
    this.id = id;
  }

  readonly #clocks = $derived(clocksOf(this.timeline));

  clock(key: HeldKey): Clock {
    return this.#clocks.get(key.id) ?? NEVER;
  }

  stands(key: HeldKey): Stands {
    return standsOf(key, this.clock(key));
  }

  readonly atLarge = $derived(
    this.view?.keys.filter((key) => this.stands(key) === "open").length ?? 0,
  );
  readonly alive = $derived(
    this.view?.keys.filter((key) => !isRetired(key)).length ?? 0,
  );

  revocation(key: HeldKey): RevocationView | null {
    return this.revocations.find(({ id, since_ms }) => id === key.id && since_ms !== null) ?? null;
  }

  async load(): Promise<void> {
    this.#question += 1;
    const question = this.#question;
    try {
      const view = await this.#backend.call("incident_show", { incident: this.id });
      const timeline: AuditEntry[] = [];
      let next: number | null = 0;
      while (next !== null) {
        const page: { entries: AuditEntry[]; next: number | null } = await this.#backend.call(
          "incident_timeline",
          { incident: this.id, offset: next },
        );
        timeline.push(...page.entries);
        next = page.next;
      }
      const { keys } = await this.#backend.call("revoke", { keys: [], step: "begin" });
      if (question === this.#question) {
        this.view = view;
        this.timeline = timeline;
        this.revocations = keys;
        this.fault = null;
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.fault = toFault(refusal);
      }
    }
  }

  async contain(): Promise<boolean> {
    return await this.#change(() => this.#backend.call("incident_contain", { incident: this.id }));
  }

  async confirmDead(key: string): Promise<boolean> {
    return await this.#change(() => this.#backend.call("revoke", { keys: [key], step: "confirm" }));
  }

  async note(text: string, key: string | null, dueMs: number | null): Promise<boolean> {
    const request = { incident: this.id, key, text, due_ms: dueMs };
    return await this.#change(() => this.#backend.call("incident_note", request));
  }

  async close(rootCause: string): Promise<boolean> {
    const request = { incident: this.id, root_cause: rootCause };
    return await this.#change(() => this.#backend.call("incident_close", request));
  }

  async #change(send: () => Promise<unknown>): Promise<boolean> {
    if (!(await this.act(send))) {
      return false;
    }
    await this.load();
    return true;
  }
}
