/** The strings of taking keys out; a part of en.ts. */

import type { Act, ExportFormat } from "../backend/generated/wire";
import { plural } from "./count";
import { capital, numeral } from "./format";

const keys = (count: number) => plural(count, "key", "keys");

const format = {
  json: "Strongroom archive (.json)",
  files: "Single files",
  csv: "Table (.csv)",
  env: "Variables (.env)",
  freqtrade: "freqtrade",
  passivbot: "passivbot",
  ccxt: "ccxt",
  kubernetes: "Kubernetes",
  kdbx: "KeePass database (.kdbx)",
} satisfies Record<ExportFormat, string>;

/** What the step-up window says before keys leave. */
export function exportActWords(act: Extract<Act, { kind: "export" }>) {
  return {
    title: `Export ${keys(act.keys)} in plaintext`,
    text: `Their secrets leave the vault as ${format[act.format]}, into this new file.`,
    path: act.path,
    gone: "Whoever reads the file can use the keys: trade with them, and withdraw where they may.",
    verb: `Export ${keys(act.keys)}`,
  };
}

export const exporting = {
  exporting: {
    title: "Export",
    line: "Keys as one file, for a program or for keeping. What leaves is told first.",
    format: "Form",
    formats: format,
    formatMeans: {
      json: "Everything that is recorded, also of dead keys. Strongroom and any program can read it back.",
      files: "",
      csv: "Names and secret fields, a line each.",
      env: "NAME='value' lines for a shell.",
      freqtrade: "config-private.json, for one key.",
      passivbot: "api-keys.json.",
      ccxt: "keys.local.json.",
      kubernetes: "Secret objects.",
      kdbx: "",
    } satisfies Record<ExportFormat, string>,
    which: "Which keys",
    whiches: { all: "Every key", tag: "Keys with a tag", keys: "Keys named one by one" },
    tag: "Tag",
    keys: "Keys",
    keysHint: "By label",
    needTag: "Say which tag.",
    needKeys: "Name a key.",
    looking: "Looking what would leave",
    first: "Say which keys.",
    leaves: (count: number) => (count === 0 ? "Nothing would leave" : `${capital(keys(count))} would leave, with ${count === 1 ? "its secret" : "their secrets"}`),
    leftOut: (count: number) => `${capital(plural(count, "key stays", "keys stay"))} here`,
    leftOutMore: (count: number) => `and ${numeral(count)} more`,
    warning: "This is plaintext",
    warningWords: [
      "Whoever reads the file can trade with these keys, and withdraw where they may.",
      "Backups, snapshots and sync programs copy it like any other file.",
      "Deleting it later may not take it off the disk.",
    ],
    instead: "`strongroom run` gives a program its keys without a file.",
    word: "export",
    confirm: (word: string) => `Type “${word}” to say that it is meant`,
    needWord: (word: string) => `Type “${word}”.`,
    file: "New file for the keys",
    fileHint: "For you alone, and not in a folder that git sees",
    needFile: "Say where the keys are written.",
    verb: (count: number) => `Export ${keys(count)}…`,
    done: (count: number, path: string) => `${capital(keys(count))} ${count === 1 ? "is" : "are"} in ${path}, in plaintext. Delete it once it has served.`,
    another: "Export again",
    inventory: "Without secrets: write a report…",
  },
} as const;
