/** The table of settings, with what each value may be, as the agent refuses it. */

import type { Setting } from "../generated/wire";
import { fault, type Handlers } from "./handlers";

const TABLE: readonly (readonly [name: string, usual: string, help: string])[] = [
  ["auto-lock-minutes", "15", "Minutes without a command after which the vault locks: 1 to 1440."],
  ["lock-on-suspend", "yes", "Whether the vault locks before the machine sleeps: yes or no."],
  ["lock-on-screen-lock", "yes", "Whether the vault locks with the screen: yes or no."],
  ["clipboard-seconds", "20", "Seconds a copied field stays on the clipboard: 5 to 300."],
  [
    "grace-minutes",
    "2",
    "Minutes for which one code covers further acts in the same window: 0 to 10. The command line has no grace. Changing it needs a code.",
  ],
  ["remind", "yes", "Whether reminders are shown at all: yes or no."],
  ["remind-at", "09:00", "Local time of day at which reminders are shown, such as 09:00."],
  [
    "lead-days",
    "30,14,7,3,1,0",
    "Days before a due date on which it is told, such as 30,14,7,3,1,0; after it, daily.",
  ],
  [
    "quiet-from",
    "",
    "Beginning of the hours in which nothing is shown, such as 22:00; empty for none.",
  ],
  [
    "quiet-to",
    "",
    "End of the quiet hours, such as 07:00; what was due meanwhile is shown then.",
  ],
  [
    "names-in-notifications",
    "no",
    "Whether notifications name the keys, for everybody who sees the screen: yes or no.",
  ],
  [
    "backup-folder",
    "",
    "Second destination of the automatic backups, best off this disk; empty for none.",
  ],
  [
    "backup-keep",
    "10",
    "How many automatic backups are kept in each destination: 1 to 100.",
  ],
];

const NUMBERS: Record<string, readonly [least: number, most: number]> = {
  "auto-lock-minutes": [1, 1440],
  "clipboard-seconds": [5, 300],
  "grace-minutes": [0, 10],
  "backup-keep": [1, 100],
};
const SWITCHES = ["lock-on-suspend", "lock-on-screen-lock", "remind", "names-in-notifications"];
const TIMES = ["remind-at", "quiet-from", "quiet-to"];

export function settingHandlers(hasGrace: () => boolean): Handlers {
  const values = new Map(TABLE.map(([name, usual]) => [name, usual]));
  const view = () => ({
    settings: TABLE.map(
      ([name, usual, help]): Setting => ({
        name,
        value: values.get(name) ?? usual,
        default: usual,
        help,
      }),
    ),
  });
  return {
    settings: view,
    setting_set: ({ name, value, step_up }) => {
      const refusal = refusalOf(name, value);
      if (refusal !== "") {
        throw fault("invalid", `${name}: ${refusal}`);
      }
      if (name === "grace-minutes" && step_up == null && !hasGrace()) {
        throw fault("step-up-required", "this needs a fresh code");
      }
      if (!values.has(name)) {
        throw fault("not-found", "there is no such setting; `strongroom settings` lists them");
      }
      values.set(name, value.replaceAll(" ", ""));
      const quiet = ["quiet-from", "quiet-to"] as const;
      if (quiet.some((end) => end === name)) {
        // One end alone makes both the same; without either there are no quiet hours.
        for (const end of quiet) {
          if (value === "" || values.get(end) === "") {
            values.set(end, value);
          }
        }
      }
      return view();
    },
  };
}

function refusalOf(name: string, value: string): string {
  const range = NUMBERS[name];
  if (range !== undefined) {
    const [least, most] = range;
    const number = /^[0-9]+$/.test(value) ? Number(value) : NaN;
    return number >= least && number <= most ? "" : `a whole number from ${least} to ${most}`;
  }
  if (SWITCHES.includes(name)) {
    return value === "yes" || value === "no" ? "" : "yes or no";
  }
  if (TIMES.includes(name)) {
    const isNone = value === "" && name !== "remind-at";
    return isNone || /^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(value)
      ? ""
      : "a time of day is written 09:00";
  }
  if (name === "lead-days") {
    const days = value.split(",").map((day) => day.trim());
    if (!days.every((day) => /^[0-9]+$/.test(day))) {
      return "numbers of days with commas between them";
    }
    return days.length <= 20 && days.every((day) => Number(day) <= 366)
      ? ""
      : "lead times are at most 20 numbers of days from 0 to 366";
  }
  if (name === "backup-folder") {
    return value === "" || value.startsWith("/") ? "" : "an absolute path, or empty for none";
  }
  return "";
}
