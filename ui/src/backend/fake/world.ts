/** What the parts of the backend in memory share. */

import type { ShellEvent, StatusView, Task } from "../generated/wire";
import { fault } from "./handlers";

/** What the handlers of one subject may read and change. */
export interface World {
  readonly rows: readonly unknown[];
  status: StatusView;
  /** What the small window was opened for. */
  readonly task: Task;
  /** Milliseconds the agent thinks where it derives a key. */
  readonly thinkMs: number;
  /** An unlocked window does this next: the shell changes the window here. */
  onopen: () => void;
  /** The small window is done. */
  onfinish: (event: Extract<ShellEvent, { kind: "finished" }>) => void;
}

export const PASSWORD = "seventeen brass hinges, oiled";
export const CODE = "000000";
export const RECOVERY_CODE = "ABCD-EFGH-JKMN-PQRS-TUVW-XYZ2-3456";
export const RECOVERY_SECRET =
  "K7QM-2XWD-P4TC-9HJR-V3BN-6YGF-A8SE-ZLU5-DM2K-W7QX-C4PT-R9HJ-N3VB-Y6GF";

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
