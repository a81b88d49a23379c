/** A share that came: opened and compared, then taken as a whole or not at all, and its undo. */

import type { Backend } from "../../backend/backend";
import { toFault, words } from "../../backend/errors";
import type {
  Fault,
  ShareApplied,
  ShareGroup,
  ShareOpened,
  ShareRow,
  ShareUndone,
} from "../../backend/generated/wire";
import { t } from "../../i18n/en";

export type Doing = "" | "opening" | "paging" | "accepting" | "undoing";

/** How long the agent holds a plan. */
const HELD_MS = 10 * 60_000;

/** Groups in the order in which they matter. */
export const GROUPS: readonly ShareGroup[] = [
  "suspicious",
  "conflict",
  "new",
  "updated",
  "deleted-there",
  "ours-newer",
  "out-of-scope",
  "unchanged",
];

/** What is taken without being accepted one by one. */
const TAKEN: readonly ShareGroup[] = ["new", "updated", "conflict", "deleted-there"];

export class Incoming {
  path = $state("");
  pathError = $state("");

  opened = $state.raw<ShareOpened | null>(null);
  group = $state<ShareGroup>("new");
  rows = $state.raw<readonly ShareRow[]>([]);

  applied = $state.raw<ShareApplied | null>(null);
  undone = $state.raw<ShareUndone | null>(null);

  doing = $state<Doing>("");
  fault = $state.raw<Fault | null>(null);
  /** What was being done when it was refused. */
  failed = $state<Doing>("");

  readonly #backend: Backend;
  #expiry: ReturnType<typeof setTimeout> | undefined;
  #next: number | null = null;
  #isPaging = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  readonly groups = $derived(
    GROUPS.flatMap((group) => {
      const changes = this.opened?.groups.find((one) => one.group === group)?.changes ?? 0;
      return changes === 0 ? [] : [{ group, changes }];
    }),
  );
  readonly total = $derived(this.groups.find(({ group }) => group === this.group)?.changes ?? 0);
  /** Changes that would be made. */
  readonly taken = $derived(
    this.groups.reduce((sum, { group, changes }) => sum + (TAKEN.includes(group) ? changes : 0), 0) +
      (this.opened?.accepted ?? 0),
  );
  /** The agent forgot the plan. */
  readonly isExpired = $derived(this.fault?.code === "not-found" && this.opened !== null);
  /** It is locked by a passphrase, which is typed elsewhere. */
  readonly needsPassphrase = $derived(
    this.failed === "opening" && this.fault?.code === "invalid" && this.fault.message.includes("asks for a passphrase"),
  );

  readonly refusal = $derived.by(() =>
    this.fault === null
      ? ""
      : words(this.fault, {
          refused: t.team.open.refused,
          invalid: this.needsPassphrase ? t.team.open.needsPassphrase : t.team.open.refused,
          corrupt: t.team.open.refused,
          "not-found": this.opened === null ? t.team.open.noFile : t.team.open.expired,
          ...(this.failed === "opening" ? { "read-only": t.team.open.noAccess } : {}),
        }),
  );

  async open(): Promise<void> {
    const path = this.path.trim();
    this.pathError = path === "" ? t.team.open.needFile : "";
    if (path === "" || this.doing !== "") {
      return;
    }
    this.discard();
    let opened: ShareOpened | null = null;
    await this.#while("opening", async () => {
      opened = await this.#backend.call("share_file", { path });
    });
    if (opened !== null) {
      await this.take(opened);
    }
  }

  /** Shows what was opened, here or in the window that asked for a passphrase. */
  async take(opened: ShareOpened): Promise<void> {
    this.applied = null;
    this.undone = null;
    this.fault = null;
    this.opened = opened;
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#expire(), HELD_MS);
    const first = this.groups[0];
    if (first !== undefined) {
      await this.choose(first.group);
    }
  }

  async choose(group: ShareGroup): Promise<void> {
    this.group = group;
    this.rows = [];
    this.#next = 0;
    await this.reach(0);
  }

  /** Reads on until this row is there. */
  async reach(row: number): Promise<void> {
    const { opened, group } = this;
    if (opened === null || this.#isPaging) {
      return;
    }
    const isMeant = () => this.group === group && this.opened?.plan === opened.plan;
    this.#isPaging = true;
    try {
      while (this.#next !== null && this.rows.length <= row && isMeant()) {
        const page = await this.#backend.call("share_rows", { plan: opened.plan, group, offset: this.#next });
        if (isMeant()) {
          this.rows = [...this.rows, ...page.rows];
          this.#next = page.next;
        }
      }
    } catch (refusal) {
      if (isMeant()) {
        this.fault = toFault(refusal);
        this.failed = "paging";
        this.#next = null;
      }
    } finally {
      this.#isPaging = false;
    }
    // Another group was chosen meanwhile, and waited for this one.
    if (this.opened !== null && !isMeant() && this.#next === 0) {
      await this.reach(0);
    }
  }

  /** Rows of one id are taken together. */
  async accept(id: string, accept: boolean): Promise<void> {
    const { opened } = this;
    if (opened === null) {
      return;
    }
    await this.#while("accepting", async () => {
      const { accepted, revision } = await this.#backend.call("share_accept", { plan: opened.plan, ids: [id], accept });
      this.opened = { ...opened, accepted, revision };
      this.rows = this.rows.map((row) => (row.id === id ? { ...row, accepted: accept } : row));
    });
  }

  /** The window that asks for a code took it. */
  done(applied: ShareApplied): void {
    clearTimeout(this.#expiry);
    this.applied = applied;
    this.rows = [];
    this.fault = null;
  }

  async undo(): Promise<boolean> {
    const batch = this.applied?.batch ?? null;
    await this.#while("undoing", async () => {
      this.undone = await this.#backend.call("share_undo", { batch });
    });
    return this.undone !== null;
  }

  discard(): void {
    clearTimeout(this.#expiry);
    this.opened = null;
    this.rows = [];
    this.applied = null;
    this.undone = null;
    this.fault = null;
  }

  restart(): void {
    this.discard();
    this.path = "";
  }

  end(): void {
    clearTimeout(this.#expiry);
  }

  #expire(): void {
    if (this.opened !== null && this.applied === null && this.doing === "") {
      this.fault = { code: "not-found", message: "that preview is no longer held" };
      this.failed = "paging";
    }
  }

  async #while(doing: Doing, act: () => Promise<void>): Promise<void> {
    if (this.doing !== "") {
      return;
    }
    this.doing = doing;
    this.fault = null;
    try {
      await act();
    } catch (refusal) {
      this.fault = toFault(refusal);
      this.failed = doing;
    } finally {
      this.doing = "";
    }
  }
}
