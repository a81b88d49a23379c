/** What the parts of the backend in memory share. */

import type { WindowName } from "../backend";
import type { Commands, Fault, KeyRow, ShellEvent, StatusView, Task } from "../generated/wire";

export type Handler<C extends keyof Commands> = (
  request: Commands[C]["request"],
) => Commands[C]["reply"] | Promise<Commands[C]["reply"]>;

export type Handlers = { [C in keyof Commands]?: Handler<C> };

/** What the handlers of one subject may read and change. */
export interface World {
  readonly window: WindowName;
  rows: KeyRow[];
  status: StatusView;
  /** What the small window was opened for. */
  task: Task;
  /** Milliseconds the agent thinks where it derives a key. */
  readonly thinkMs: number;
  /** An unlocked window does this next: the shell changes the window here. */
  onopen: () => void;
  onlock: () => void;
  /** The main window asked for a small one. */
  onwindow: (task: Task) => void;
  /** The small window is done. */
  onfinish: (event: Extract<ShellEvent, { kind: "finished" }>) => void;
}

export const PASSWORD = "seventeen brass hinges, oiled";
export const CODE = "000000";
export const RECOVERY_CODE = "ABCD-EFGH-JKMN-PQRS-TUVW-XYZ2-3456";
export const RECOVERY_SECRET =
  "K7QM-2XWD-P4TC-9HJR-V3BN-6YGF-A8SE-ZLU5-DM2K-W7QX-C4PT-R9HJ-N3VB-Y6GF";

export function fault(code: Fault["code"], message: string, retryAfterMs?: number): Fault {
  return { code, message, ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }) };
}

export function think(world: World): Promise<void> {
  return new Promise((done) => setTimeout(done, world.thinkMs));
}

/** Refuses what the agent would refuse, in its words. */
export function requirePresence(
  given: { code: { kind: string; value: string }; password?: string | null } | null | undefined,
  withPassword: boolean,
): void {
  if (given === null || given === undefined) {
    throw fault("step-up-required", "this needs a fresh code of your authenticator");
  }
  const { kind, value } = given.code;
  const isRight =
    kind === "totp" ? value === CODE : plain(value) === plain(RECOVERY_CODE);
  if (!isRight || (withPassword && given.password !== PASSWORD)) {
    throw fault("wrong-credentials", "wrong password or code");
  }
}

/** Blanks and dashes do not matter on paper. */
export const plain = (text: string): string => text.replaceAll(/[\s-]/g, "").toUpperCase();
