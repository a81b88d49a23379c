/** What the pages may ask of the outside. The real one is tauri.ts, the one in memory fake.ts. */

import type { Commands, ShellEvent, StatusView, Unlocked } from "./generated/wire";

export const WINDOW_NAMES = ["unlock", "main", "setup", "secret", "step-up", "reveal"] as const;

export type WindowName = (typeof WINDOW_NAMES)[number];

/** Why the unlock window is there. */
export type Reason = "start" | "locked" | "agent-gone";

export interface Backend {
  /** The window this page stands in. */
  readonly window: WindowName;
  readonly reason: Reason;
  /** What the unlock said, in the list's window, once. */
  readonly unlocked: Unlocked | null;
  /** How the vault stood when the unlock window was opened; asked for where it is not known. */
  readonly standing: StatusView | null;

  /** Calls a command; rejects with a `Fault` and nothing else. */
  call<C extends keyof Commands>(
    command: C,
    request: Commands[C]["request"],
  ): Promise<Commands[C]["reply"]>;

  /** Hears what the shell tells this window, until the returned function is called. */
  onevent(listener: (event: ShellEvent) => void): () => void;
}

/** Which window an address asks for; the one that shows least where it asks for none. */
export function windowOf(address: URL): WindowName {
  const asked = address.searchParams.get("window");
  return WINDOW_NAMES.find((name) => name === asked) ?? "unlock";
}
