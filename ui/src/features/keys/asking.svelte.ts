/** Asking a key's exchange, from the plan to what it said, and explaining what it refused. */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import type {
  Checked,
  CheckPlan,
  Diagnosis,
  KeyView,
  Observed,
  Permissions,
  SeenAllowlist,
  SeenExpiry,
  ShellEvent,
  Task,
} from "../../backend/generated/wire";

/** What of it is on the screen. */
export type Phase = "rest" | "plan" | "regularly" | "waiting" | "asking" | "result" | "doctor";

/** What an exchange told of a key, a moment ago or when it was last asked. */
export interface Told {
  permissions: Permissions | null;
  allowlist: SeenAllowlist;
  expiry: SeenExpiry;
  createdMs: number | null;
  lastUsedMs: number | null;
  label: string | null;
  stopped: string | null;
  native: readonly string[];
  unknownWords: readonly string[];
  drift: readonly string[];
}

/** As it is kept: "never" and "not told" are one there. */
export function toldOf(seen: Observed, permissions: Permissions | null): Told {
  return {
    permissions,
    allowlist: seen.allowlist,
    expiry: seen.expires_ms === null ? { kind: "not-reported" } : { kind: "at", at_ms: seen.expires_ms },
    createdMs: seen.created_ms,
    lastUsedMs: seen.last_used_ms,
    label: seen.label,
    stopped: seen.stopped,
    native: seen.native,
    unknownWords: seen.unknown_words,
    drift: seen.drift,
  };
}

export class Asking extends Acting {
  phase = $state<Phase>("rest");
  plan = $state.raw<CheckPlan | null>(null);
  checked = $state.raw<Checked | null>(null);
  diagnosis = $state.raw<Diagnosis | null>(null);

  readonly #backend: Backend;
  readonly key: string;
  readonly #label: string;

  constructor(backend: Backend, key: string, label: string) {
    super();
    this.#backend = backend;
    this.key = key;
    this.#label = label;
  }

  /** Says what would be sent: once, or by itself. */
  async prepare(phase: "plan" | "regularly"): Promise<void> {
    const isThere = await this.act(async () => {
      this.plan = await this.#backend.call("check_plan", { key: this.key });
    });
    // Only now: a panel takes the focus to its button, which a busy one cannot hold.
    if (isThere) {
      this.phase = phase;
    }
  }

  /** Opens the window that takes a code for it. */
  async wish(everyDays: number, despiteRisingNumbers: boolean): Promise<void> {
    const act = {
      kind: "schedule-checks" as const,
      key: this.key,
      label: this.#label,
      exchange_name: "",
      every_days: everyDays,
      despite_rising_numbers: despiteRisingNumbers,
    };
    const isOpen = await this.act(() =>
      this.#backend.call("open_window", { task: { kind: "step-up", act } }),
    );
    if (isOpen) {
      this.phase = "rest";
    }
  }

  /** The key as it is then; `null` where that was refused. */
  async byHandOnly(): Promise<KeyView | null> {
    let view: KeyView | null = null;
    await this.act(async () => {
      view = await this.#backend.call("check_schedule", {
        key: this.key,
        every_days: null,
        despite_rising_numbers: false,
        step_up: null,
      });
    });
    return view;
  }

  /** Sends it, once somebody has read what it is. */
  async ask(): Promise<void> {
    this.phase = "asking";
    const isDone = await this.act(async () => {
      const started = await this.#backend.call("ask_exchange", { key: this.key, label: this.#label });
      if (started.kind === "checked") {
        this.#take(started.checked);
      } else {
        this.phase = "waiting";
      }
    });
    if (!isDone) {
      this.phase = "rest";
    }
  }

  /** Opens the small window of an act that needs a code. */
  async open(kind: "ask-elsewhere" | "read-answer"): Promise<void> {
    const act = { kind, key: this.key, label: this.#label, exchange_name: "" };
    await this.act(() => this.#backend.call("open_window", { task: { kind: "step-up", act } }));
  }

  async explain(text: string, address: string | null): Promise<void> {
    await this.act(async () => {
      this.diagnosis = await this.#backend.call("doctor", {
        key: this.key,
        text,
        address,
        clock_offset_ms: this.checked?.clock_offset_ms ?? null,
        wanted: null,
        look: false,
        step_up: null,
      });
    });
  }

  /** Back to what is known. */
  rest(): void {
    this.phase = "rest";
    this.fault = null;
  }

  openDoctor(): void {
    this.diagnosis = null;
    this.fault = null;
    this.phase = "doctor";
  }

  /** Whether the record is another now: the exchange answered, or is asked by itself. */
  heard(event: ShellEvent): boolean {
    if (event.kind !== "finished" || !isOf(event.task, this.key)) {
      return false;
    }
    if (event.task.kind === "step-up" && event.task.act.kind === "schedule-checks") {
      return event.outcome.kind === "done";
    }
    if (event.outcome.kind === "checked") {
      this.#take(event.outcome.checked);
      return true;
    }
    if (this.phase === "waiting") {
      this.phase = "plan";
    }
    return false;
  }

  #take(checked: Checked): void {
    this.checked = checked;
    this.fault = null;
    this.phase = "result";
  }
}

/** Whether a small window was about asking for this key. */
function isOf(task: Task, key: string): boolean {
  if (task.kind !== "step-up") {
    return false;
  }
  const { act } = task;
  return (
    (act.kind === "ask-exchange" || act.kind === "read-answer" || act.kind === "schedule-checks") &&
    act.key === key
  );
}
