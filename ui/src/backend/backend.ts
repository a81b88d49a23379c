/** What the pages may ask of the outside. The real one is tauri.ts, the one in memory fake.ts. */

import type { Commands, ShellEvent, Unlocked } from "./generated/wire";

export type WindowName = "unlock" | "main" | "setup" | "secret" | "step-up" | "reveal";

/** Why the unlock window is there. */
export type Reason = "start" | "locked" | "agent-gone";

export interface Backend {
  /** The window this page stands in. */
  readonly window: WindowName;
  readonly reason: Reason;
  /** What the unlock said, in the list's window, once. */
  readonly unlocked: Unlocked | null;

  /** Calls a command; rejects with a `Fault` and nothing else. */
  call<C extends keyof Commands>(
    command: C,
    request: Commands[C]["request"],
  ): Promise<Commands[C]["reply"]>;

  /** Hears what the shell tells this window, until the returned function is called. */
  onevent(listener: (event: ShellEvent) => void): () => void;
}
