/**
 * A backend in memory: for tests, and for looking at the pages in any browser. Its keys are
 * invented; it keeps to the shapes of the contract and to nothing of a vault's mathematics.
 */

import { windowOf, type Backend, type Reason, type WindowName } from "./backend";
import { auditHandlers } from "./fake/audit";
import { calendarHandlers } from "./fake/calendar";
import { exchangeHandlers } from "./fake/exchange";
import { fault, type Handler, type Handlers } from "./fake/handlers";
import { exportHandlers } from "./fake/export";
import { healthHandlers } from "./fake/health";
import { holders } from "./fake/holders";
import { importHandlers } from "./fake/import";
import { incidentHandlers } from "./fake/incidents";
import { find, keysHandlers, recordKey, type KeysHost } from "./fake/keys";
import { lifecycleHandlers, stageSecret } from "./fake/lifecycle";
import { reminderHandlers } from "./fake/reminders";
import { settingHandlers } from "./fake/settings";
import { setupHandlers } from "./fake/setup";
import { pageOf, smallHandlers, taskOf } from "./fake/small";
import { teamHandlers } from "./fake/team";
import { upkeepHandlers } from "./fake/upkeep";
import { CODE, PASSWORD, type World } from "./fake/world";
import { inventedRows } from "./fake-keys";
import type {
  Commands,
  KeyRow,
  KeyView,
  ShellEvent,
  StatusView,
  Task,
  Unlock,
  Unlocked,
} from "./generated/wire";

export { fault };

export interface FakeOptions {
  window: WindowName;
  reason?: Reason;
  unlocked?: Unlocked | null;
  standing?: StatusView | null;
  rows?: readonly KeyRow[];
  /** What a small window was opened for. */
  task?: Task;
  /** Milliseconds the agent thinks about an unlock. */
  thinkMs?: number;
  /** How many people are known, and how many changes a share that comes holds. */
  people?: number;
  incoming?: number;
}

export class FakeBackend implements Backend, KeysHost, World {
  static readonly PASSWORD = PASSWORD;
  static readonly CODE = CODE;

  readonly window: WindowName;
  readonly reason: Reason;
  readonly unlocked: Unlocked | null;
  readonly standing: StatusView | null;
  /** Every call, in order. */
  readonly calls: { command: keyof Commands; request: unknown }[] = [];
  /** Takes the place of what this backend would do; a thrown fault is the answer. */
  readonly instead: Handlers = {};

  rows: KeyRow[];
  readonly views = new Map<string, KeyView>();
  status: StatusView;
  /** What an unlocked window does next: the shell changes the window here. */
  onopen: () => void = () => undefined;
  onlock: () => void = () => undefined;

  readonly task: Task;
  readonly thinkMs: number;
  /** What small windows ended with. */
  readonly finished: ShellEvent[] = [];
  onfinish: World["onfinish"] = (event) => void this.finished.push(event);

  constructor(options: FakeOptions) {
    this.window = options.window;
    this.reason = options.reason ?? "start";
    this.unlocked = options.unlocked ?? null;
    this.standing = options.standing ?? null;
    this.rows = [...(options.rows ?? inventedRows(24, Date.now()))];
    this.thinkMs = options.thinkMs ?? 0;
    this.task = options.task ?? { kind: "create" };
    const isOpen = options.window !== "unlock" && options.task?.kind !== "create";
    this.status = statusOf(isOpen ? "unlocked" : "locked", this.rows);
    const rows = () => this.rows;
    const book = holders(this);
    Object.assign(
      this.#usual,
      setupHandlers(this),
      smallHandlers(this),
      reminderHandlers(rows),
      healthHandlers(rows, () => this.status),
      auditHandlers(rows, this.thinkMs),
      settingHandlers(() => this.status.grace_until_ms !== null),
      upkeepHandlers(this, this.thinkMs),
      importHandlers(this.thinkMs),
      exchangeHandlers(this),
      lifecycleHandlers(this),
      book.handlers,
      incidentHandlers(this, book),
      calendarHandlers(rows),
      exportHandlers(rows),
      teamHandlers(this, options.people, options.incoming),
    );
  }

  /**
   * For the preview: `?window=main&keys=10000`, `?window=unlock&case=throttled`,
   * `?window=step-up&task=copy`. With `&beside=1` small windows open beside the main one.
   */
  static of(address: URL): FakeBackend {
    const query = address.searchParams;
    const keys = Number(query.get("keys") ?? "24");
    const fake = new FakeBackend({
      window: windowOf(address),
      ...taskOf(query.get("task")),
      reason: query.get("reason") === "locked" ? "locked" : "start",
      rows: inventedRows(keys, Date.now()),
      people: Number(query.get("people") ?? "5"),
      incoming: Number(query.get("incoming") ?? "24"),
      thinkMs: 1000,
    });
    fake.#play(query.get("case"));
    const go = (window: "main" | "unlock", more: string) => {
      query.set("window", window);
      location.search = `${query.toString()}${more}`;
    };
    fake.onopen = () => go("main", "");
    fake.onlock = () => go("unlock", "&reason=locked");
    fake.#openBeside(query.has("beside"));
    return fake;
  }

  find(key: string): KeyView {
    return find(this, key);
  }

  async call<C extends keyof Commands>(
    command: C,
    request: Commands[C]["request"],
  ): Promise<Commands[C]["reply"]> {
    this.calls.push({ command, request });
    const handler = (this.instead[command] ?? this.#usual[command]) as Handler<C> | undefined;
    if (handler === undefined) {
      throw fault("refused", `${command} is not allowed in this window`);
    }
    return await handler(request);
  }

  readonly #usual: Handlers = {
    status: () => this.status,
    unlock: (request) => this.#unlock(request),
    lock: () => {
      this.status = statusOf("locked", this.rows);
      this.onlock();
      return {};
    },
    open_window: ({ task }) => {
      setTimeout(() => {
        if (task.kind === "add-key") {
          const { row } = recordKey(this, task.draft);
          this.tell({ kind: "finished", task, outcome: { kind: "added", id: row.id, warnings: [] } });
        } else if (task.kind === "stage-secret") {
          const isDone = stageSecret(this, task.key);
          const outcome = isDone ? { kind: "staged" as const, warnings: [] } : { kind: "cancelled" as const };
          this.tell({ kind: "finished", task, outcome });
        } else {
          this.tell({ kind: "finished", task, outcome: { kind: "done" } });
        }
      }, 600);
      return {};
    },
    ...keysHandlers(this),
  };

  async #unlock(request: Unlock): Promise<Unlocked> {
    await new Promise((done) => setTimeout(done, this.thinkMs));
    if (request.password !== FakeBackend.PASSWORD || request.code.value !== FakeBackend.CODE) {
      throw fault("wrong-credentials", "wrong password or code");
    }
    this.status = statusOf("unlocked", this.rows);
    this.onopen();
    return {
      vault_id: "0".repeat(32),
      keys: this.rows.length,
      failed_tries: 0,
      recovery_codes_left: 10,
      rollback_alarm: null,
      notes: [],
    };
  }

  readonly #listeners = new Set<(event: ShellEvent) => void>();

  onevent(listener: (event: ShellEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Plays the shell: what it would tell the page. */
  tell(event: ShellEvent): void {
    // As of an event: who begins to listen because of it does not hear it.
    [...this.#listeners].forEach((listener) => listener(event));
  }

  /** Small windows of their own in the browser, which tell the main one how they ended. */
  #openBeside(isAsked: boolean): void {
    const channel = new BroadcastChannel("strongroom");
    this.onfinish = (event) => {
      channel.postMessage(event);
      window.close();
    };
    if (!isAsked) {
      return;
    }
    channel.onmessage = ({ data }) => this.tell(data as ShellEvent);
    this.instead.open_window = ({ task }) => {
      const beside = new URLSearchParams({ window: pageOf(task), task: JSON.stringify(task) });
      window.open(`${location.pathname}?${beside.toString()}`, "", "popup,width=480,height=560");
      return {};
    };
  }

  /** States of the unlock window that are rare in life, for looking at them. */
  #play(name: string | null): void {
    if (name === "absent") {
      this.status = { ...this.status, state: "absent" };
    } else if (name === "throttled") {
      this.status = { ...this.status, throttled_ms: 42_000 };
    } else if (name === "no-keyring" || name === "missing" || name === "keyring-locked" || name === "ambiguous") {
      this.status = { ...this.status, device_secret: name };
    } else if (name === "alarm") {
      const alarm = "The vault is older than the last state this computer saw.";
      this.status = { ...this.status, state: "read-only", alarm };
    } else if (name === "corrupt" || name === "newer-format" || name === "clock-moved-back") {
      this.instead.unlock = () => {
        throw fault(name, "");
      };
    } else if (name === "no-agent") {
      this.instead.status = () => {
        throw fault("no-agent", "the program `strongroom` that hosts the agent was not found");
      };
    }
  }
}

function statusOf(state: StatusView["state"], rows: readonly KeyRow[]): StatusView {
  const live = rows.filter((row) => row.state !== "archived");
  const open = state === "unlocked";
  const first = (row: KeyRow) =>
    Math.min(row.expiry?.days ?? Infinity, row.rotation?.days ?? Infinity);
  return {
    state,
    vault: "/home/ada/.local/share/strongroom/vault",
    agent_version: "0.1.0",
    agent_pid: 4711,
    place: "keyring",
    device_secret: "present",
    keys: open ? live.length : null,
    due: live.filter((row) => first(row) >= 0 && first(row) <= 30).length,
    overdue: live.filter((row) => first(row) < 0).length,
    next_reminder_ms: null,
    auto_lock_at_ms: open ? Date.now() + 9.5 * 60_000 : null,
    grace_until_ms: null,
    throttled_ms: null,
    verified: open ? true : null,
    alarm: null,
    last_backup_ms: null,
    kit_tested_ms: null,
  };
}
