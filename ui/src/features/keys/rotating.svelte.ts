/**
 * The rotation of one key: where it stands follows from the record, so it is asked for and never
 * remembered here; a window that was closed or killed goes on where it was.
 */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type {
  KeyView,
  Permissions,
  RotationStage,
  RotationView,
  Tri,
  Verb,
} from "../../backend/generated/wire";
import { VERBS } from "../../components/permission";

export const STEPS = ["record", "rights", "switch", "end"] as const;
export type Step = (typeof STEPS)[number];

const STEP_OF: Record<RotationStage, Step | null> = {
  idle: null,
  begun: "record",
  staged: "rights",
  grown: "rights",
  switching: "switch",
  "in-use": "end",
  ending: "end",
};

export const stepOf = (stage: RotationStage): Step | null => STEP_OF[stage];

/** Whether the record tells of a rotation, so that it is worth asking how it stands. */
export const isRotating = (view: KeyView): boolean =>
  view.row.state === "rotating" ||
  view.row.state === "draining" ||
  view.versions.some(({ state }) => state === "staged" || state === "draining");

/** What the old key may do: what was seen settles what nobody recorded. */
export function rightsOf(view: KeyView): Permissions {
  const { declared, observed } = view.row;
  const rights = { ...declared };
  for (const { of } of VERBS) {
    const seen: Tri = observed?.[of] ?? "unknown";
    if (rights[of] === "unknown" || seen === "yes") {
      rights[of] = seen === "unknown" ? rights[of] : seen;
    }
  }
  return rights;
}

/** Rights the new one has or may have and the old one has not, by the same rule as the agent's. */
export function growth(old: Permissions, next: Permissions): Verb[] {
  return VERBS.filter(({ of }) => {
    const [before, after] = [old[of], next[of]];
    return (before === "no" && after !== "no") || (before === "unknown" && after === "yes");
  }).map(({ verb }) => verb);
}

export class Rotating extends Acting {
  view = $state.raw<RotationView | null>(null);

  readonly #backend: Backend;
  readonly #key: string;

  constructor(backend: Backend, key: string) {
    super();
    this.#backend = backend;
    this.#key = key;
  }

  readonly step = $derived(this.view === null ? null : stepOf(this.view.stage));

  /** Where it stands. What is on the screen stays usable meanwhile: nothing is done by it. */
  async read(): Promise<void> {
    try {
      const view = await this.#backend.call("rotate_status", { key: this.#key });
      if (!this.isBusy) {
        this.view = view;
      }
    } catch (refusal) {
      this.fault = toFault(refusal);
    }
  }

  async start(): Promise<boolean> {
    return await this.#take(() => this.#backend.call("rotate_start", { key: this.#key }));
  }

  async check(rights: Permissions, growthMeant: boolean, expiresMs: number | null): Promise<boolean> {
    return await this.#take(() =>
      this.#backend.call("rotate_check", {
        key: this.#key,
        rights,
        growth_meant: growthMeant,
        expires_ms: expiresMs,
      }),
    );
  }

  async handed(names: string[]): Promise<boolean> {
    const who = { kind: "consumers" as const, names };
    return await this.#take(() => this.#backend.call("rotate_switch", { key: this.#key, who }));
  }

  async everybody(): Promise<boolean> {
    const who = { kind: "all" as const };
    return await this.#take(() => this.#backend.call("rotate_switch", { key: this.#key, who }));
  }

  async back(): Promise<boolean> {
    const who = { kind: "back" as const };
    return await this.#take(() => this.#backend.call("rotate_switch", { key: this.#key, who }));
  }

  async end(): Promise<boolean> {
    return await this.#take(() => this.#backend.call("rotate_revoke", { key: this.#key }));
  }

  async confirm(): Promise<boolean> {
    return await this.#take(() => this.#backend.call("rotate_confirm", { key: this.#key }));
  }

  async abort(): Promise<boolean> {
    return await this.#take(() => this.#backend.call("rotate_abort", { key: this.#key }));
  }

  #take(send: () => Promise<RotationView>): Promise<boolean> {
    return this.act(async () => {
      this.view = await send();
    });
  }
}
