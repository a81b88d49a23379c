/**
 * One act on many keys: the same command once for each, told honestly. What can be taken back is
 * taken back by the inverse edits.
 */

import type { Backend } from "../../backend/backend";
import { toFault, words } from "../../backend/errors";
import type { Change, ErrorCode, KeyRow } from "../../backend/generated/wire";
import { t } from "../../i18n/en";

/** After one of these the next key would meet the same. */
const ENDS_IT: readonly ErrorCode[] = [
  "locked",
  "no-agent",
  "no-vault",
  "rollback-alarm",
  "read-only",
  "disk-full",
  "busy",
  "internal",
];

export type BulkAct =
  | { kind: "add-tag"; tag: string }
  | { kind: "remove-tag"; tag: string }
  | { kind: "archive" }
  | { kind: "restore" }
  | { kind: "snooze"; days: number };

export interface BulkDone {
  /** What happened, in a sentence. */
  told: string;
  /** What did not, and why; empty where everything did. */
  failure: string;
  /** The inverse, where there is one. */
  undo: (() => Promise<BulkDone>) | null;
}

interface Step {
  row: KeyRow;
  act: () => Promise<unknown>;
  back: Change | null;
}

export class Bulk {
  /** While it runs. */
  running = $state.raw<{ done: number; total: number } | null>(null);

  readonly #backend: Backend;
  #isStopped = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** `null` where another act still runs, or there was nothing to do. */
  async run(rows: readonly KeyRow[], act: BulkAct): Promise<BulkDone | null> {
    const steps = rows.flatMap((row) => this.#step(row, act));
    return await this.#walk(steps, (done, of) => t.bulk.done[act.kind](done, of, "tag" in act ? act.tag : ""));
  }

  #step(row: KeyRow, act: BulkAct): Step[] {
    const edit = (change: Change, back: Change): Step[] => [
      {
        row,
        act: () => this.#backend.call("edit", { key: row.id, changes: [change] }),
        back,
      },
    ];
    const tags: Change = { set: "tags", value: row.tags };
    const state: Change = { set: "state", value: row.state };
    switch (act.kind) {
      case "add-tag":
        return row.tags.includes(act.tag)
          ? []
          : edit({ set: "tags", value: [...row.tags, act.tag] }, tags);
      case "remove-tag":
        return row.tags.includes(act.tag)
          ? edit({ set: "tags", value: row.tags.filter((tag) => tag !== act.tag) }, tags)
          : [];
      case "archive":
        return row.state === "archived" ? [] : edit({ set: "state", value: "archived" }, state);
      case "restore":
        return row.state === "archived" ? edit({ set: "state", value: "active" }, state) : [];
      case "snooze":
        return [
          {
            row,
            act: () => this.#backend.call("reminder_snooze", { key: row.id, hours: act.days * 24 }),
            back: null,
          },
        ];
    }
  }

  async #walk(steps: Step[], say: (done: number, of: number) => string): Promise<BulkDone | null> {
    if (this.running !== null) {
      return null;
    }
    this.#isStopped = false;
    const done: Step[] = [];
    const failed: { label: string; why: string }[] = [];
    try {
      for (const step of steps) {
        this.running = { done: done.length + failed.length, total: steps.length };
        if (this.#isStopped) {
          break;
        }
        try {
          await step.act();
          done.push(step);
        } catch (refusal) {
          const fault = toFault(refusal);
          failed.push({ label: step.row.label, why: words(fault) });
          if (ENDS_IT.includes(fault.code)) {
            break;
          }
        }
      }
    } finally {
      this.running = null;
    }
    const [first] = failed;
    return {
      told: say(done.length, steps.length),
      failure:
        first === undefined
          ? ""
          : t.bulk.failed(failed.length, steps.length - done.length, first.label, first.why),
      undo: done.length > 0 && done.every(({ back }) => back !== null) ? () => this.#back(done) : null,
    };
  }

  async #back(done: readonly Step[]): Promise<BulkDone> {
    const steps = done.flatMap(({ row, back }): Step[] =>
      back === null
        ? []
        : [
            {
              row,
              act: () => this.#backend.call("edit", { key: row.id, changes: [back] }),
              back: null,
            },
          ],
    );
    const undone = await this.#walk(steps, t.bulk.undone);
    return undone ?? { told: t.bulk.busy, failure: "", undo: null };
  }
}
