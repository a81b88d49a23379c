/** The small windows of the backend in memory: tasks, acts, secrets that nobody uses. */

import type { WindowName } from "../backend";
import type { Revealed, Task } from "../generated/wire";
import { fault, think, type Handlers } from "./handlers";
import { SAMPLE_AGREED } from "./team";
import { plain, RECOVERY_SECRET, requirePresence, type World } from "./world";

const KIT = { path: "/media/ada/usb/strongroom-kit.txt", fingerprint: "7Q2M-X4WD-P9TC-HJRV", recovery_codes: 10 };

export function smallHandlers(world: World): Handlers {
  const revealed = (): Revealed => ({
    label: world.task.kind === "reveal" ? world.task.label : "binance-grid",
    exchange: "binance",
    environment: "production",
    fields: [
      { name: "apiKey", value: "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A" },
      { name: "secret", value: "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j" },
    ],
  });
  return {
    task: () => world.task,
    finish: ({ outcome }) => {
      world.onfinish({ kind: "finished", task: world.task, outcome });
      return {};
    },
    look: () => ({ theme: "system", version: "0.1.0" }),
    choose_path: ({ purpose }) => ({
      path: {
        kit: "/media/ada/usb/strongroom-kit.txt",
        "backup-folder": "/media/ada/usb/strongroom",
        backup: "/media/ada/usb/strongroom/2026-11-20T08-00-00Z",
        import: "/home/ada/freqtrade/config.json",
        "audit-log": "/home/ada/strongroom-log.jsonl",
        calendar: "/home/ada/strongroom.ics",
        evidence: "/home/ada/strongroom-evidence.md",
        "report-markdown": "/home/ada/strongroom-report.md",
        "report-csv": "/home/ada/strongroom-report.csv",
        "report-json": "/home/ada/strongroom-report.json",
        card: "/home/ada/strongroom-card.txt",
        "card-open": "/home/ada/Downloads/heidi-card.txt",
        share: "/home/ada/keys.strongshare",
        "share-open": "/home/ada/Downloads/bob.strongshare",
        export: "/home/ada/keys.json",
        "rotate-csv": "/home/ada/strongroom-rotate.csv",
        "rotate-calendar": "/home/ada/strongroom-rotate.ics",
      }[purpose],
    }),
    login_start: () => ({ on: false }),
    login_start_set: ({ on }) => ({ on }),

    add: async ({ fields }) => {
      await think(world.thinkMs);
      return { id: "f".repeat(32), warnings: fields.some(({ value }) => value !== value.trim()) ? ["A blank at the end was removed."] : [] };
    },
    reveal: ({ step_up }) => {
      requirePresence(step_up, false);
      return revealed();
    },
    copy: ({ step_up }) => {
      requirePresence(step_up, false);
      return { clears_after_s: 20 };
    },
    step_up: ({ step_up }) => {
      requirePresence(step_up, false);
      const until = Date.now() + 120_000;
      world.status = { ...world.status, grace_until_ms: until };
      return { until_ms: until };
    },
    step_up_end: () => {
      world.status = { ...world.status, grace_until_ms: null };
      return {};
    },
    acknowledge_alarm: ({ step_up }) => {
      requirePresence(step_up, false);
      world.status = { ...world.status, alarm: null };
      return {};
    },
    device_remove: ({ step_up }) => {
      requirePresence(step_up, false);
      return {};
    },
    recovery_kit: async ({ path, step_up }) => {
      await think(world.thinkMs);
      requirePresence(step_up, true);
      return { ...KIT, path };
    },
    rotate_vault_key: async ({ kit_path, step_up }) => {
      await think(world.thinkMs);
      requirePresence(step_up, true);
      return { key_generation: 2, devices_dropped: 1, backed_up: true, kit: { ...KIT, path: kit_path } };
    },
    password_change: async ({ new_password, step_up }) => {
      await think(world.thinkMs);
      requirePresence(step_up, true);
      requireStrength(new_password);
      return { devices_dropped: 1 };
    },
    recovery_test: ({ recovery_secret }) => {
      if (plain(recovery_secret).length !== 56) {
        throw fault("invalid", "the recovery secret has 56 letters and digits, in fourteen groups of four");
      }
      return { works: plain(recovery_secret) === plain(RECOVERY_SECRET), fingerprint: KIT.fingerprint };
    },
  };
}

/** The agent's rule in short: length, and not one letter repeated. */
export function requireStrength(password: string): void {
  if ([...password].length < 12) {
    throw fault("invalid", "the password is too short: use at least 12 characters");
  }
  if (new Set(password).size < 6 || /password/i.test(password)) {
    throw fault("invalid", "the password is too easy to guess: use a few more unrelated words");
  }
}

/** The window a task belongs to. */
export function pageOf(task: Task): WindowName {
  switch (task.kind) {
    case "step-up":
    case "reveal":
      return task.kind;
    case "create":
    case "reset-totp":
      return "setup";
    default:
      return "secret";
  }
}

/** A sample by its name, or a task as JSON. */
export function taskOf(text: string | null): { task?: Task } {
  if (text === null) {
    return {};
  }
  const task = text.startsWith("{") ? (JSON.parse(text) as Task) : SAMPLE_TASKS[text];
  return task === undefined ? {} : { task };
}

const DRAFT = {
  label: "binance-grid",
  exchange: "binance",
  account: "main",
  environment: "production",
  key_type: "hmac",
  declared: {
    read: "yes", spot: "yes", margin: "no", derivatives: "no",
    transfer: "no", withdraw: "no", sub_accounts: "no", key_admin: "no",
  },
  native_permissions: [],
  allowlist: { kind: "listed", rules: [{ address: "203.0.113.7", host: "VPS-1" }] },
  expiry: [],
  rotation_days: null,
  created_ms: null,
  purpose: "grid bot",
  owner: null,
  consumers: ["freqtrade on VPS-1"],
  tags: [],
  notes: null,
} as const;

const KEY = "0123456789abcdef0123456789abcdef";
const SHARE = { to: ["bob"], role: null, scope: null, history: false, expires_ms: null, passphrase: false };

/** Tasks to look at a small window by: `?window=step-up&task=copy`. */
export const SAMPLE_TASKS: Record<string, Task> = {
  "add-key": { kind: "add-key", draft: { ...DRAFT, native_permissions: [], expiry: [], tags: [], consumers: [...DRAFT.consumers], allowlist: { kind: "unknown" } } },
  "add-okx": { kind: "add-key", draft: { ...DRAFT, label: "okx-hedge", exchange: "okx", environment: "testnet", key_type: "passphrase", native_permissions: [], expiry: [], tags: [], consumers: [], allowlist: { kind: "unknown" } } },
  "add-coinbase": { kind: "add-key", draft: { ...DRAFT, label: "coinbase-tax", exchange: "coinbase", key_type: "ecdsa", native_permissions: [], expiry: [], tags: [], consumers: [], allowlist: { kind: "unknown" } } },
  "replace-secret": { kind: "replace-secret", key: KEY, label: "binance-grid", exchange: "binance" },
  "change-password": { kind: "change-password" },
  "test-kit": { kind: "test-kit" },
  "stage-secret": { kind: "stage-secret", key: KEY, label: "binance-grid", exchange: "binance" },
  reveal: { kind: "reveal", key: KEY, label: "binance-grid", version: null },
  create: { kind: "create" },
  "reset-totp": { kind: "reset-totp" },
  copy: { kind: "step-up", act: { kind: "copy", key: KEY, label: "binance-grid", field: "secret" } },
  "purge-version": { kind: "step-up", act: { kind: "purge", key: KEY, label: "binance-grid", what: { kind: "version", id: "1" } } },
  "purge-old": { kind: "step-up", act: { kind: "purge", key: KEY, label: "binance-grid", what: { kind: "old-versions" } } },
  "purge-key": { kind: "step-up", act: { kind: "purge", key: KEY, label: "binance-grid", what: { kind: "key" } } },
  "remove-device": { kind: "step-up", act: { kind: "remove-device", id: "2", name: "old laptop" } },
  "new-kit": { kind: "step-up", act: { kind: "new-kit", path: KIT.path } },
  "rotate-vault-key": { kind: "step-up", act: { kind: "rotate-vault-key", kit_path: KIT.path } },
  restore: { kind: "step-up", act: { kind: "restore", path: "/media/ada/usb/strongroom/2026-11-20T08-00-00Z" } },
  "ask-exchange": { kind: "step-up", act: { kind: "ask-exchange", key: KEY, label: "binance-grid", exchange_name: "Binance" } },
  "ask-elsewhere": { kind: "step-up", act: { kind: "ask-elsewhere", key: KEY, label: "binance-grid", exchange_name: "Binance" } },
  "schedule-checks": { kind: "step-up", act: { kind: "schedule-checks", key: KEY, label: "kraken-bot", exchange_name: "Kraken (spot)", every_days: 7, despite_rising_numbers: true } },
  "read-answer": { kind: "step-up", act: { kind: "read-answer", key: KEY, label: "binance-grid", exchange_name: "Binance" } },
  "acknowledge-alarm": { kind: "step-up", act: { kind: "acknowledge-alarm" } },
  grace: { kind: "step-up", act: { kind: "grace" } },
  "make-share": { kind: "step-up", act: { kind: "make-share", share: SHARE, agreed: SAMPLE_AGREED, path: "/home/ada/keys.strongshare", brief: { to: ["Bob"], role: "trader", scope_words: "tag desk", keys: 12, secrets: 5 } } },
  "first-share": { kind: "step-up", act: { kind: "make-share", share: { ...SHARE, to: [], role: "viewer", passphrase: true }, agreed: SAMPLE_AGREED, path: "/home/ada/keys.strongshare", brief: { to: [], role: "viewer", scope_words: "1 key", keys: 1, secrets: 1 } } },
  "apply-share": { kind: "step-up", act: { kind: "apply-share", plan: "share-1", revision: 1, sender: "Bob", fingerprint: "7Q2M X4WD P5TC A6JR V3BN 6YGF A4SE ZLU5", accepted: 1 } },
  "trust-new-key": { kind: "step-up", act: { kind: "trust-new-key", contact: "bob", name: "Bob", card: "", fingerprint: "7Q2M X4WD P5TC A6JR V3BN 6YGF A4SE ZLU5" } },
  "give-role": { kind: "step-up", act: { kind: "give-role", contact: "bob", name: "Bob", fingerprint: "7Q2M X4WD P5TC A6JR V3BN 6YGF A4SE ZLU5", role: "trader", scope: { all: false, tags: ["desk"], accounts: [], keys: [] } } },
  export: { kind: "step-up", act: { kind: "export", which: { kind: "all" }, format: "json", path: "/home/ada/keys.json", keys: 23 } },
  offboard: { kind: "step-up", act: { kind: "offboard", contact: "bob", name: "Bob" } },
  "open-import": { kind: "open-import", file: { path: "/home/ada/Downloads/encrypted_bitwarden.json", source: null, columns: [], exchange: null, account: null } },
  "open-share": { kind: "open-share", path: "/home/ada/Downloads/bob.strongshare" },
  "grace-minutes": { kind: "step-up", act: { kind: "grace-minutes", minutes: "5" } },
};
