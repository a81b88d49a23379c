/** One backup taking the place of the vault: where it lies, who allows it, what became of it. */

import type { Backend } from "./backend/backend";
import type { Restored } from "./backend/generated/wire";
import { t } from "./i18n/en";
import { Presence } from "./presence.svelte";

export class Restoring {
  readonly presence = new Presence(true);
  path = $state("");
  pathError = $state("");
  restored = $state.raw<Restored | null>(null);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  readonly choose = async (): Promise<string | null> =>
    (await this.#backend.call("choose_path", { purpose: "backup" })).path;

  /** `true` once the backup is in place. */
  async submit(): Promise<boolean> {
    const isFilled = this.presence.isFilled();
    this.pathError = pathError(this.path);
    if (!isFilled || this.pathError !== "") {
      return false;
    }
    this.restored = await this.presence.run(({ code, password }) =>
      this.#backend.call("restore_backup", {
        path: this.path.trim(),
        password: password ?? "",
        code,
      }),
    );
    return this.restored !== null;
  }
}

/** The agent's own folder is not the person's: it takes whole paths only. */
export function pathError(typed: string): string {
  const path = typed.trim();
  return path === "" ? t.path.need : /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(path) ? "" : t.path.whole;
}
