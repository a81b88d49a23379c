/** The end of an incident: what it came of, and what is left to do by when. */

import { dayOf } from "../../components/when";
import { t } from "../../i18n/en";
import type { Incident } from "./incident.svelte";

const DAY = 86_400_000;

export class FollowUp {
  text = $state("");
  due = $state("");
  error = $state("");
}

export class Closing {
  answers = $state<string[]>([]);
  followUps = $state.raw<readonly FollowUp[]>([]);
  error = $state("");

  readonly #questions: readonly string[];

  constructor(questions: readonly string[]) {
    this.#questions = questions;
    this.answers = questions.map(() => "");
  }

  add(): void {
    this.followUps = [...this.followUps, new FollowUp()];
  }

  remove(one: FollowUp): void {
    this.followUps = this.followUps.filter((other) => other !== one);
  }

  /** Each answered question with its answer, as it stands in the record. */
  get rootCause(): string {
    return this.#questions
      .map((question, index) => [question, (this.answers[index] ?? "").trim()] as const)
      .filter(([, answer]) => answer !== "")
      .map(([question, answer]) => `${question}\n${answer}`)
      .join("\n\n");
  }

  /** Whether it can be sent; if not, why stands beside what is missing. */
  check(): boolean {
    this.error = this.rootCause === "" ? t.incidents.needCause : "";
    for (const one of this.followUps) {
      one.error = one.text.trim() === "" || dayOf(one.due) === null ? t.incidents.needFollowUp : "";
    }
    return this.error === "" && this.followUps.every(({ error }) => error === "");
  }

  /** Follow-ups first: each that is written is taken off, so that a second try doubles none. */
  async send(incident: Incident): Promise<boolean> {
    for (const one of [...this.followUps]) {
      const day = dayOf(one.due);
      if (day === null || !(await incident.note(one.text.trim(), null, day + DAY - 1))) {
        return false;
      }
      this.remove(one);
    }
    return await incident.close(this.rootCause);
  }
}
