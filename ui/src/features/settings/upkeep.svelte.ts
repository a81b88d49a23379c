/**
 * What the sections of the settings show and do. Critical acts are handed to a small window; what
 * came of them arrives as an event and is said in the section that began them.
 */

import type { Backend } from "../../backend/backend";
import { toFault, words } from "../../backend/errors";
import type {
  BackupDone,
  BackupList,
  DeviceList,
  LoginStart,
  LookView,
  Outcome,
  SelfTest,
  SelfTestLine,
  ShellEvent,
  StatusView,
  Task,
  Theme,
} from "../../backend/generated/wire";
import { SettingsBook } from "../../backend/settings.svelte";
import { t } from "../../i18n/en";
import { applyTheme } from "../../styles/theme";
import { Part } from "./part.svelte";

/** Sections that hand something to a small window. */
export type Asking = "backups" | "recovery" | "devices" | "access" | "vaultKey";

export interface Said {
  tone: "info" | "amber" | "red";
  sentences: readonly string[];
}

export class Upkeep {
  readonly book: SettingsBook;
  readonly status: Part<StatusView>;
  readonly backups: Part<BackupList>;
  readonly devices: Part<DeviceList>;
  readonly selfTest: Part<SelfTest>;
  readonly look: Part<LookView>;
  readonly login: Part<LoginStart>;
  readonly backupNow: Part<BackupDone>;

  nowMs = $state(Date.now());
  /** What the last act of a section came to. */
  said = $state.raw<Readonly<Partial<Record<Asking, Said>>>>({});
  /** The section whose small window is open. */
  asking = $state<Asking | null>(null);

  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.book = new SettingsBook(backend);
    this.status = new Part(() => backend.call("status", {}));
    this.backups = new Part(() => backend.call("backup_list", {}));
    this.devices = new Part(() => backend.call("device_list", {}));
    this.selfTest = new Part(() => backend.call("self_test", {}));
    this.look = new Part(() => backend.call("look", {}));
    this.login = new Part(() => backend.call("login_start", {}));
    this.backupNow = new Part(() => backend.call("backup", { folder: null }));
  }

  /** Asks for everything, and listens until the returned function is called. */
  begin(): () => void {
    const parts = [this.status, this.backups, this.devices, this.selfTest, this.look, this.login];
    void this.book.load();
    parts.forEach((part) => void part.load());
    return this.#backend.onevent((event) => void this.#heard(event));
  }

  /** What may have changed without this page. */
  async refresh(): Promise<void> {
    await Promise.all([this.status.load(), this.devices.load(), this.backups.load()]);
    this.nowMs = Date.now();
  }

  check(name: string): SelfTestLine | undefined {
    return this.selfTest.value?.checks.find((check) => check.name === name);
  }

  tell(section: Asking, said: Said | undefined): void {
    const { [section]: _, ...others } = this.said;
    this.said = said === undefined ? others : { ...others, [section]: said };
  }

  /** Opens the small window in which a section's act is done. `false` where there is none. */
  async open(section: Asking, task: Task): Promise<boolean> {
    this.tell(section, undefined);
    try {
      await this.#backend.call("open_window", { task });
      this.asking = section;
      return true;
    } catch (refusal) {
      this.tell(section, { tone: "red", sentences: [words(toFault(refusal))] });
      return false;
    }
  }

  async backUp(folder: string | null): Promise<boolean> {
    const done = await this.backupNow.run(() => this.#backend.call("backup", { folder }));
    await Promise.all([this.backups.load(), this.status.load()]);
    this.nowMs = Date.now();
    return done;
  }

  async setTheme(theme: Theme): Promise<void> {
    // Shown at once; the shell keeps it and tells the other windows.
    applyTheme(theme);
    await this.look.run(() => this.#backend.call("look_set", { theme }));
  }

  async setLogin(on: boolean): Promise<void> {
    await this.login.run(() => this.#backend.call("login_start_set", { on }));
  }

  async #heard(event: ShellEvent): Promise<void> {
    this.nowMs = Date.now();
    if (event.kind === "look-changed") {
      this.look.value = event.look;
      return;
    }
    if (event.kind !== "finished") {
      return;
    }
    const { task, outcome } = event;
    if (task.kind === "step-up" && task.act.kind === "grace-minutes") {
      await this.book.answered();
      return;
    }
    const section = sectionOf(task);
    if (section === null) {
      return;
    }
    this.asking = null;
    this.tell(section, this.#words(task, outcome));
    if (outcome.kind !== "cancelled") {
      await this.refresh();
      if (outcome.kind === "restored") {
        await this.book.load();
      }
    }
  }

  #words(task: Task, outcome: Outcome): Said | undefined {
    const info = (...sentences: string[]): Said => ({ tone: "info", sentences });
    if (outcome.kind === "cancelled") {
      return undefined;
    }
    if (outcome.kind === "kit") {
      const { fingerprint, recovery_codes, path } = outcome.kit;
      return info(t.settings.recovery.written(fingerprint, recovery_codes, path));
    }
    if (outcome.kind === "kit-tested") {
      return outcome.works
        ? info(t.settings.recovery.works(outcome.fingerprint))
        : { tone: "red", sentences: [t.settings.recovery.worksNot] };
    }
    if (outcome.kind === "password-changed") {
      const dropped = outcome.devices_dropped;
      const changed = t.settings.access.changed;
      return dropped === 0
        ? info(changed)
        : { tone: "amber", sentences: [changed, t.settings.access.dropped(dropped)] };
    }
    if (outcome.kind === "vault-key-rotated") {
      const { rotated } = outcome;
      const { fingerprint, path } = rotated.kit;
      const words = t.settings.vaultKey;
      const sentences = [
        words.done(rotated.key_generation, fingerprint, path),
        ...(rotated.devices_dropped > 0 ? [words.dropped(rotated.devices_dropped)] : []),
        rotated.backed_up ? words.backedUp : words.notBackedUp,
      ];
      return { tone: rotated.backed_up ? "info" : "amber", sentences };
    }
    if (outcome.kind === "restored") {
      const kept = outcome.kept_aside;
      const restored = t.settings.backups.restored(outcome.keys);
      return kept === null ? info(restored) : info(restored, t.settings.backups.keptAside(kept));
    }
    if (task.kind === "reset-totp") {
      return info(t.settings.access.replaced);
    }
    return task.kind === "step-up" && task.act.kind === "remove-device"
      ? info(t.settings.devices.removed(task.act.name))
      : undefined;
  }
}

function sectionOf(task: Task): Asking | null {
  switch (task.kind) {
    case "change-password":
    case "reset-totp":
      return "access";
    case "test-kit":
      return "recovery";
    case "step-up":
      switch (task.act.kind) {
        case "new-kit":
          return "recovery";
        case "rotate-vault-key":
          return "vaultKey";
        case "restore":
          return "backups";
        case "remove-device":
          return "devices";
        default:
          return null;
      }
    default:
      return null;
  }
}
