/** One import on its way: the file and what is said of it, the plan, what was recorded, the undo. */

import type { Backend } from "../../backend/backend";
import { toFault, words } from "../../backend/errors";
import type {
  ColumnMapping,
  Fault,
  ImportApplied,
  ImportDraftView,
  ImportedKey,
  ImportFile,
  ImportFieldView,
  ImportPlanView,
  ImportUndone,
} from "../../backend/generated/wire";
import { t } from "../../i18n/en";

export const SOURCES = [
  "detect",
  "freqtrade",
  "ccxt",
  "passivbot",
  "octobot",
  "gocryptotrader",
  "hummingbot",
  "env",
  "csv",
  "strongroom",
  "bitwarden",
  "bitwarden-csv",
  "1password-csv",
  "keepass",
] as const;

export type Outcome = "all" | "taken" | "ignored" | "not-imported";
export const OUTCOMES: readonly Outcome[] = ["all", "taken", "ignored", "not-imported"];

export type Doing = "" | "reading" | "paging" | "applying" | "undoing";

/** Rows of a plan that are read without being asked for: a count should be the whole one. */
const MOST_BY_ITSELF = 20_000;

/** How long the agent holds a plan. */
const HELD_MS = 10 * 60_000;

export class Import {
  path = $state("");
  pathError = $state("");
  source = $state("detect");
  exchange = $state("");
  account = $state("");
  columns = $state.raw<readonly ColumnMapping[]>([]);

  plan = $state.raw<ImportPlanView | null>(null);
  drafts = $state.raw<readonly ImportDraftView[]>([]);
  fields = $state.raw<readonly ImportFieldView[]>([]);
  outcome = $state<Outcome>("all");
  text = $state("");

  applied = $state.raw<ImportApplied | null>(null);
  added = $state.raw<readonly ImportedKey[]>([]);
  undone = $state.raw<ImportUndone | null>(null);

  /** What is being done, if anything is. */
  doing = $state<Doing>("");
  fault = $state.raw<Fault | null>(null);
  /** What was being done when it was refused. */
  failed = $state<Doing>("");

  readonly #backend: Backend;
  #expiry: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  readonly fresh = $derived(
    (this.plan?.drafts_total ?? 0) - this.drafts.filter((draft) => draft.already !== null).length,
  );

  readonly counts = $derived.by(() => {
    const counts = { all: this.fields.length, taken: 0, ignored: 0, "not-imported": 0 };
    for (const field of this.fields) {
      if (field.outcome === "taken" || field.outcome === "ignored") {
        counts[field.outcome] += 1;
      } else {
        counts["not-imported"] += 1;
      }
    }
    return counts;
  });

  readonly shown = $derived.by(() => {
    const wanted = this.text.trim().toLocaleLowerCase("en");
    return this.fields.filter(
      (field) =>
        (this.outcome === "all" || field.outcome === this.outcome) &&
        `${field.place}\n${field.detail}`.toLocaleLowerCase("en").includes(wanted),
    );
  });

  readonly left = $derived(
    this.plan === null
      ? 0
      : this.plan.drafts_total -
          this.drafts.length +
          this.plan.fields_total -
          this.fields.length,
  );

  /** The agent forgot the plan, and the secrets in it. */
  readonly isExpired = $derived(
    this.fault?.code === "not-found" && this.plan !== null && this.failed !== "reading",
  );

  /** The file is encrypted: its password is typed in a window of its own. */
  readonly needsPassword = $derived(
    this.failed === "reading" && this.fault?.code === "invalid" && /\bis encrypted;/.test(this.fault.message),
  );

  /** Why the last step failed, in words of this page. */
  readonly refusal = $derived.by(() => {
    const gone =
      this.failed === "reading"
        ? t.importing.errors.notFound
        : this.failed === "undoing"
          ? t.importing.errors.noBatch
          : t.importing.errors.expired;
    const isReading = this.failed === "reading";
    return this.fault === null
      ? ""
      : words(this.fault, {
          "not-found": () => gone,
          ...(isReading ? { "read-only": () => t.importing.errors.noAccess } : {}),
          refused: (message) => t.importing.errors.refused(message),
          invalid: (message) =>
            this.needsPassword
              ? t.importing.errors.needsPassword
              : message.includes("say which kind")
                ? t.importing.errors.unrecognised
                : message.includes("no column is known")
                  ? t.importing.errors.noColumn
                  : t.importing.errors.refused(message),
        });
  });

  async preview(): Promise<void> {
    const path = this.path.trim();
    this.pathError = path === "" ? t.importing.needFile : "";
    if (path === "" || this.doing !== "") {
      return;
    }
    await this.#while("reading", async () => {
      this.discard();
      this.#show(await this.#backend.call("import_file", this.file));
    });
    await this.#readFew();
  }

  /** What is asked of the shell. */
  get file(): ImportFile {
    return {
      path: this.path.trim(),
      source: this.source === "detect" ? null : this.source,
      columns: [...this.columns],
      exchange: orNull(this.exchange),
      account: orNull(this.account),
    };
  }

  /** The plan of a file that was opened with its password, in another window. */
  async take(plan: ImportPlanView): Promise<void> {
    this.discard();
    this.#show(plan);
    await this.#readFew();
  }

  #show(plan: ImportPlanView): void {
    this.#forgetResult();
    this.plan = plan;
    this.drafts = plan.drafts;
    this.fields = plan.fields;
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.#expire(), HELD_MS);
  }

  async #readFew(): Promise<void> {
    if (this.left > 0 && this.left <= MOST_BY_ITSELF) {
      await this.readOn();
    }
  }

  /** The rest of the plan, page by page. */
  async readOn(): Promise<void> {
    await this.#while("paging", async () => {
      while (this.plan !== null && this.left > 0) {
        const page = await this.#backend.call("import_page", {
          plan: this.plan.plan,
          drafts_from: this.drafts.length,
          fields_from: this.fields.length,
        });
        if (page.drafts.length === 0 && page.fields.length === 0) {
          return;
        }
        this.drafts = [...this.drafts, ...page.drafts];
        this.fields = [...this.fields, ...page.fields];
      }
    });
  }

  async apply(): Promise<void> {
    const plan = this.plan;
    if (plan === null) {
      return;
    }
    await this.#while("applying", async () => {
      this.applied = await this.#backend.call("import_apply", { plan: plan.plan });
      this.added = this.applied.added;
      // A plan is carried out once; it is gone from the agent with its secrets.
      this.#forgetPlan();
    });
  }

  async readAdded(): Promise<void> {
    const applied = this.applied;
    await this.#while("paging", async () => {
      while (applied !== null && this.added.length < applied.added_total) {
        const request = { batch: applied.batch, offset: this.added.length };
        const page = await this.#backend.call("import_keys", request);
        if (page.keys.length === 0) {
          return;
        }
        this.added = [...this.added, ...page.keys];
      }
    });
  }

  async undo(): Promise<void> {
    const batch = this.applied?.batch ?? "";
    await this.#while("undoing", async () => {
      this.undone = await this.#backend.call("import_undo", { batch: orNull(batch) });
    });
  }

  /** Back to an empty page; the plan is forgotten by the agent within its ten minutes. */
  restart(): void {
    this.#forgetPlan();
    this.#forgetResult();
    this.path = "";
    this.source = "detect";
    this.exchange = "";
    this.account = "";
    this.columns = [];
    this.fault = null;
  }

  discard(): void {
    this.#forgetPlan();
    this.fault = null;
  }

  end(): void {
    clearTimeout(this.#expiry);
  }

  #expire(): void {
    if (this.plan !== null && this.doing === "") {
      this.fault = { code: "not-found", message: "that preview is no longer held" };
      this.failed = "applying";
    }
  }

  #forgetPlan(): void {
    clearTimeout(this.#expiry);
    this.plan = null;
    this.drafts = [];
    this.fields = [];
    this.outcome = "all";
    this.text = "";
  }

  #forgetResult(): void {
    this.applied = null;
    this.added = [];
    this.undone = null;
  }

  async #while(doing: Doing, act: () => Promise<void>): Promise<void> {
    if (this.doing !== "") {
      return;
    }
    this.doing = doing;
    this.fault = null;
    try {
      await act();
    } catch (refusal) {
      this.fault = toFault(refusal);
      this.failed = doing;
    } finally {
      this.doing = "";
    }
  }
}

const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());
