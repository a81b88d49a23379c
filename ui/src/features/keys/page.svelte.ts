/** The key whose page is open: what the agent tells of it, and the changes made from there. */

import { Acting } from "../../backend/acting.svelte";
import type { Backend } from "../../backend/backend";
import { toFault } from "../../backend/errors";
import type {
  Change,
  FindingView,
  HistoryView,
  KeyView,
  Task,
} from "../../backend/generated/wire";

export interface KeyFinding {
  finding: FindingView;
  title: string;
}

export class OpenKey extends Acting {
  view = $state.raw<KeyView | null>(null);
  history = $state.raw<HistoryView | null>(null);
  /** What is wrong with it and not accepted, each with its rule's words. */
  findings = $state.raw<readonly KeyFinding[]>([]);

  readonly #backend: Backend;
  /** Answers about a key that was left are thrown away. */
  #question = 0;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
  }

  /** Reads a key. What is shown of the same key stays until the answer is there. */
  async read(id: string): Promise<void> {
    this.#question += 1;
    const question = this.#question;
    if (this.view?.row.id !== id) {
      this.findings = [];
      this.history = null;
      this.fault = null;
    }
    try {
      const view = await this.#backend.call("show", { key: id });
      if (question === this.#question) {
        this.view = view;
        this.fault = null;
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.fault = toFault(refusal);
        if (this.view?.row.id !== id || this.fault.code === "not-found") {
          this.view = null;
        }
      }
    }
  }

  /** What is wrong with the key, worst first. */
  async examine(): Promise<void> {
    const question = this.#question;
    const id = this.view?.row.id;
    if (id === undefined) {
      return;
    }
    try {
      const { findings, rules } = await this.#backend.call("health", { offset: 0, about: id });
      if (question === this.#question) {
        this.findings = findings
          .filter(({ standing }) => standing.kind !== "accepted")
          .map((finding) => ({
            finding,
            title: rules.find(({ rule }) => rule === finding.rule)?.title ?? finding.rule,
          }));
      }
    } catch {
      // Nothing is judged before the vault is verified; the page of health says why.
    }
  }

  async remember(): Promise<void> {
    const question = this.#question;
    const id = this.view?.row.id;
    if (id === undefined) {
      return;
    }
    try {
      const history = await this.#backend.call("history", { key: id });
      if (question === this.#question) {
        this.history = history;
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.fault = toFault(refusal);
      }
    }
  }

  /** Whether it was changed; if not, why stands in `fault`. */
  async edit(changes: Change[]): Promise<boolean> {
    const id = this.view?.row.id;
    return id === undefined
      ? false
      : await this.act(async () => {
          this.view = await this.#backend.call("edit", { key: id, changes });
          void this.remember();
        });
  }

  async snooze(days: number): Promise<boolean> {
    const id = this.view?.row.id;
    return id === undefined
      ? false
      : await this.act(() => this.#backend.call("reminder_snooze", { key: id, hours: days * 24 }));
  }

  async acknowledge(): Promise<boolean> {
    const id = this.view?.row.id;
    return id === undefined
      ? false
      : await this.act(() => this.#backend.call("reminder_ack", { key: id }));
  }

  /** Opens the small window that an act belongs to. */
  async ask(task: Task): Promise<boolean> {
    return await this.act(() => this.#backend.call("open_window", { task }));
  }
}
