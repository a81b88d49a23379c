/** Backups, devices, the self-test, the look: what keeps an invented vault. */

import type { BackupView, DeviceView, SelfTestLine, StatusView, Theme } from "../generated/wire";
import { OTHER_DEVICE, THIS_DEVICE } from "./audit";
import { fault, think, type Handlers } from "./handlers";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HOME = "/home/ada/.local/share/strongroom/vault/backups";

const CHECKS: readonly SelfTestLine[] = [
  { name: "keyring", works: true, detail: "the Secret Service answers and is unlocked" },
  { name: "notifications", works: true, detail: "gnome-shell 48.4 shows them" },
  { name: "clipboard", works: true, detail: "a display holds the clipboard" },
  { name: "lock-on-suspend", works: true, detail: "logind tells before the machine sleeps" },
  {
    name: "lock-on-screen-lock",
    works: false,
    detail:
      "neither logind nor a session bus is there, so locking the screen does not lock the vault",
  },
  {
    name: "idle",
    works: true,
    detail: "the vault locks itself when no command comes for a while",
  },
  {
    name: "core-dumps",
    works: true,
    detail:
      "a crash leaves no memory on the disk, and programs of yours cannot trace the agent",
  },
  {
    name: "memory-lock",
    works: false,
    detail:
      "the limit on locked memory (ulimit -l) is used up; swapped memory may hold the key",
  },
];

/** What these handlers change besides. */
export interface UpkeepHost {
  status: StatusView;
}

export function upkeepHandlers(host: UpkeepHost, thinkMs: number): Handlers {
  const now = Date.now();
  let made = 0;
  const backup = (agoMs: number, folder = HOME): BackupView => ({
    path: `${folder}/${new Date(now - agoMs).toISOString().slice(0, 19).replaceAll(":", "")}Z-${(made += 1)}`,
    at_ms: now - agoMs,
    bytes: 412_000 + Math.round(agoMs / HOUR) * 37,
    verified: true,
  });
  const backups = [3 * HOUR, DAY, 2 * DAY, 9 * DAY, 31 * DAY].map((agoMs) => backup(agoMs));
  const devices: DeviceView[] = [
    device(THIS_DEVICE, "workstation", now - 212 * DAY, { this_device: true, place: "keyring" }),
    device(OTHER_DEVICE, "thinkpad", now - 64 * DAY, {}),
    device("41d0".padEnd(32, "0"), "vps-1", now - 30 * DAY, { damaged: true }),
    device("KX4M-7Q2P", "", now - 212 * DAY, { kind: "recovery" }),
  ];
  let theme: Theme = "system";
  let isOn = true;

  return {
    backup: async ({ folder }) => {
      await think(thinkMs);
      const written = [backup(now - Date.now())];
      const failed: string[] = [];
      if (folder !== null && !folder.startsWith("/")) {
        throw fault("invalid", "the backup: an absolute path");
      }
      if (folder !== null && folder.startsWith("/media/")) {
        failed.push("the folder named: the folder is not there");
      } else if (folder !== null) {
        written.push(backup(now - Date.now(), folder));
      }
      backups.unshift(...written);
      host.status = { ...host.status, last_backup_ms: Date.now() };
      return { written, failed };
    },
    backup_list: () => ({ backups: [...backups] }),
    device_list: () => ({ devices: [...devices] }),
    self_test: async () => {
      await think(thinkMs / 2);
      return { checks: CHECKS.map((check) => ({ ...check })) };
    },
    look: () => ({ theme, version: "0.1.0" }),
    look_set: (request) => {
      theme = request.theme;
      return { theme, version: "0.1.0" };
    },
    login_start: () => ({ on: isOn }),
    login_start_set: ({ on }) => {
      isOn = on;
      return { on };
    },
  };
}

function device(
  id: string,
  name: string,
  enrolledMs: number,
  more: Partial<DeviceView>,
): DeviceView {
  return {
    id,
    name,
    kind: "device",
    enrolled_ms: enrolledMs,
    this_device: false,
    damaged: false,
    place: null,
    ...more,
  };
}
