/** What is wrong with the vault, worst first, and what somebody decided to live with. */

import type { Backend } from "../../backend/backend";
import { toFault, words } from "../../backend/errors";
import type { Fault, FindingView, HealthRule, HealthView, Severity } from "../../backend/generated/wire";
import { moment } from "../../components/when";
import { t } from "../../i18n/en";

/** Findings of consumers and vendors, whose id is no key's. */
const OF_OTHERS: readonly string[] = ["mixed-environments", "review-overdue"];

/** What one row answers to. */
export const nameOf = (finding: FindingView): string => {
  const subject = finding.subject;
  return `${finding.rule} ${subject.kind === "vault" ? "" : subject.id}`;
};

/** The id of the key a finding is about; `null` where it is about something else. */
export const keyOf = (finding: FindingView): string | null =>
  finding.subject.kind === "entry" && !OF_OTHERS.includes(finding.rule) ? finding.subject.id : null;

export const titleOf = (finding: FindingView): string =>
  finding.subject.kind === "vault" ? t.health.theVault : finding.name;

/** Whom it is about, as the agent finds it: a key by its id, others by what they are called. */
function subjectOf(finding: FindingView): string | null {
  const subject = finding.subject;
  return subject.kind === "vault"
    ? null
    : subject.kind === "exchange"
      ? subject.id
      : (keyOf(finding) ?? finding.name);
}

export interface OfRule {
  rule: HealthRule;
  findings: FindingView[];
}

export interface OfSeverity {
  severity: Severity;
  rules: OfRule[];
}

export const isAccepted = (finding: FindingView): boolean => finding.standing.kind === "accepted";

export class Health {
  view = $state.raw<HealthView | null>(null);
  /** As many as were asked for, worst first. */
  findings = $state.raw<readonly FindingView[]>([]);
  /** Of the key that is asked about; empty where all are. */
  about = $state("");
  /** What the key is called. */
  name = $state("");
  fault = $state.raw<Fault | null>(null);
  nowMs = $state(Date.now());
  isBusy = $state(false);
  /** Refusals beside the finding they are about. */
  refusals = $state.raw<Readonly<Record<string, string>>>({});
  /** What the last act did, in a sentence. */
  said = $state("");

  readonly #backend: Backend;
  /** Answers to a question that was asked anew are thrown away. */
  #question = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  readonly accepted = $derived(this.findings.filter(isAccepted));

  /** Open findings under their severity and rule, in the order the agent gave. */
  readonly groups = $derived.by((): OfSeverity[] => {
    const groups: OfSeverity[] = [];
    for (const finding of this.findings) {
      const rule = this.view?.rules.find((one) => one.rule === finding.rule);
      if (isAccepted(finding) || rule === undefined) {
        continue;
      }
      let group = groups.at(-1);
      if (group?.severity !== finding.severity) {
        group = { severity: finding.severity, rules: [] };
        groups.push(group);
      }
      const last = group.rules.at(-1);
      if (last?.rule.rule === finding.rule) {
        last.findings.push(finding);
      } else {
        group.rules.push({ rule, findings: [finding] });
      }
    }
    return groups;
  });

  ruleOf(finding: FindingView): HealthRule | undefined {
    return this.view?.rules.find((one) => one.rule === finding.rule);
  }

  async load(about: string): Promise<void> {
    this.#question += 1;
    const question = this.#question;
    const wanted = about === this.about ? this.findings.length : 0;
    try {
      const key = about === "" ? null : about;
      let view = await this.#backend.call("health", { offset: 0, about: key });
      const found = [...view.findings];
      while (view.next !== null && found.length < wanted) {
        view = await this.#backend.call("health", { offset: view.next, about: key });
        found.push(...view.findings);
      }
      const name = key === null ? "" : await this.#nameOf(key, found);
      if (question === this.#question) {
        this.view = view;
        this.findings = once(found);
        this.about = about;
        this.name = name;
        this.fault = null;
      }
    } catch (refusal) {
      if (question === this.#question) {
        this.fault = toFault(refusal);
      }
    }
    this.nowMs = Date.now();
  }

  async #nameOf(key: string, found: readonly FindingView[]): Promise<string> {
    return found[0]?.name ?? (await this.#backend.call("show", { key })).row.label;
  }

  /** The page after those that are shown. */
  async more(): Promise<void> {
    const offset = this.view?.next ?? null;
    if (offset === null) {
      return;
    }
    const question = this.#question;
    try {
      const about = this.about === "" ? null : this.about;
      const view = await this.#backend.call("health", { offset, about });
      if (question === this.#question) {
        this.view = view;
        this.findings = once([...this.findings, ...view.findings]);
      }
    } catch (refusal) {
      this.fault = toFault(refusal);
    }
  }

  /** Whether it is accepted; if not, why stands beside it. */
  async accept(finding: FindingView, reason: string, untilMs: number): Promise<boolean> {
    const request = { rule: finding.rule, subject: subjectOf(finding), reason, until_ms: untilMs };
    const isDone = await this.act(finding, () => this.#backend.call("health_accept", request));
    if (isDone) {
      this.said = t.health.saidAccepted(
        titleOf(finding),
        this.ruleOf(finding)?.title ?? finding.rule,
        moment(untilMs, this.nowMs),
      );
    }
    return isDone;
  }

  async withdraw(finding: FindingView): Promise<boolean> {
    const request = { rule: finding.rule, subject: subjectOf(finding) };
    const isDone = await this.act(finding, () => this.#backend.call("health_unaccept", request));
    if (isDone) {
      this.said = t.health.saidWithdrawn(
        titleOf(finding),
        this.ruleOf(finding)?.title ?? finding.rule,
      );
    }
    return isDone;
  }

  /** Does something about a finding and looks again; a refusal is told beside it. */
  async act(finding: FindingView, send: () => Promise<unknown>): Promise<boolean> {
    this.dismiss(finding);
    this.said = "";
    this.isBusy = true;
    try {
      await send();
    } catch (refusal) {
      this.refuse(finding, words(toFault(refusal)));
      return false;
    } finally {
      this.isBusy = false;
    }
    await this.load(this.about);
    return true;
  }

  refusal(finding: FindingView): string {
    return this.refusals[nameOf(finding)] ?? "";
  }

  refuse(finding: FindingView, why: string): void {
    this.refusals = { ...this.refusals, [nameOf(finding)]: why };
  }

  dismiss(finding: FindingView): void {
    this.refuse(finding, "");
  }
}

/** A vault that changed between two pages may give a finding twice. */
function once(findings: readonly FindingView[]): FindingView[] {
  return [...new Map(findings.map((finding) => [nameOf(finding), finding])).values()];
}
