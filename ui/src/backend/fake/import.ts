/** Imports of invented files: the name of a file says what it holds. */

import type {
  ColumnMapping,
  ImportDraftView,
  ImportFieldView,
  ImportFile,
  ImportPlanView,
} from "../generated/wire";
import { fault, think, type Handlers } from "./handlers";

/** Rows of each table that one frame holds. */
const DRAFTS = 120;
const FIELDS = 300;
const NOT_MAPPED = "no field is known for this column: map it, or leave it out by name";

interface Plan {
  source: string;
  drafts: ImportDraftView[];
  fields: ImportFieldView[];
  notes: string[];
}

export function importHandlers(thinkMs: number): Handlers {
  const plans = new Map<string, Plan>();
  const batches = new Map<string, string[]>();
  /** Labels of what was imported, as the vault would know it again. */
  const recorded = new Set<string>();
  let last = 0;

  function page(name: string, plan: Plan, draftsFrom: number, fieldsFrom: number): ImportPlanView {
    return {
      plan: name,
      source: plan.source,
      drafts: plan.drafts.slice(draftsFrom, draftsFrom + DRAFTS),
      drafts_total: plan.drafts.length,
      fields: plan.fields.slice(fieldsFrom, fieldsFrom + FIELDS),
      fields_total: plan.fields.length,
      notes: plan.notes,
    };
  }

  const held = (name: string) => {
    const plan = plans.get(name);
    if (plan === undefined) {
      throw fault("not-found", "that preview is no longer held; preview the source again");
    }
    return plan;
  };

  return {
    import_file: async (request) => {
      await think(thinkMs / 2);
      const plan = planOf(request, recorded);
      last += 1;
      const name = `plan-${last}`;
      plans.set(name, plan);
      return page(name, plan, 0, 0);
    },
    import_file_open: async ({ file, password }) => {
      await think(thinkMs);
      if (!password.startsWith("copper")) {
        throw fault("invalid", "this is not the file's password, or the file is damaged; nothing was taken");
      }
      const plan = planOf({ ...file, path: "/home/ada/keys.json", source: "ccxt" }, recorded);
      last += 1;
      const name = `plan-${last}`;
      plans.set(name, { ...plan, source: "bitwarden" });
      return page(name, held(name), 0, 0);
    },
    import_page: (request) =>
      page(request.plan, held(request.plan), request.drafts_from, request.fields_from),
    import_apply: async (request) => {
      const plan = held(request.plan);
      await think(thinkMs / 2);
      plans.delete(request.plan);
      const fresh = plan.drafts.filter((draft) => draft.already === null);
      const batch = fresh.length === 0 ? "" : (0xba7c + last).toString(16).padStart(32, "0");
      const labels = fresh.map((draft) => draft.label);
      batches.set(batch, labels);
      labels.forEach((label) => recorded.add(label));
      return {
        batch,
        added: keys(labels).slice(0, DRAFTS),
        added_total: labels.length,
        already: plan.drafts.length - labels.length,
      };
    },
    import_keys: ({ batch, offset }) => {
      const all = keys(batches.get(batch) ?? []);
      const end = offset + DRAFTS;
      return { keys: all.slice(offset, end), next: end < all.length ? end : null };
    },
    import_undo: ({ batch }) => {
      const name = batch ?? [...batches.keys()].at(-1);
      const labels = name === undefined ? undefined : batches.get(name);
      if (name === undefined || labels === undefined) {
        throw fault("not-found", "there is no import to undo");
      }
      batches.delete(name);
      labels.forEach((label) => recorded.delete(label));
      return { removed: labels.length, kept: 0 };
    },
  };
}

const keys = (labels: readonly string[]) =>
  labels.map((label, draft) => ({ id: draft.toString(16).padStart(32, "0"), label, draft }));

function planOf(request: ImportFile, recorded: ReadonlySet<string>): Plan {
  const name = request.path.split("/").at(-1) ?? "";
  if (!request.path.startsWith("/") || name === "" || name.startsWith("missing")) {
    throw fault("not-found", "There is no such file");
  }
  if (name.startsWith("secret")) {
    throw fault("read-only", "That place cannot be read or written; nothing was changed");
  }
  if (name.startsWith("encrypted")) {
    throw fault("invalid", "the file is encrypted; `strongroom import`, the command line, asks for its password");
  }
  if (name.endsWith(".txt") && request.source === null) {
    throw fault("invalid", "this is no file of keys we know; say which kind it is");
  }
  const source =
    request.source ??
    (name.endsWith(".csv")
      ? "csv"
      : name.includes("env")
        ? "env"
        : name.startsWith("keys")
          ? "ccxt"
          : "freqtrade");
  const plan =
    source === "csv"
      ? table(name.startsWith("large") ? 400 : 12, request.columns, name.startsWith("odd"))
      : source === "env"
        ? variables(request.exchange)
        : source === "ccxt"
          ? json()
          : freqtrade();
  const drafts = plan.drafts.map((draft) => ({
    ...draft,
    already: draft.already ?? (recorded.has(draft.label) ? draft.label : null),
  }));
  return { source, ...plan, drafts };
}

type Found = Omit<Plan, "source">;

function draft(label: string, exchange: string, more: Partial<ImportDraftView> = {}) {
  return {
    label,
    exchange,
    account: "main",
    environment: "production" as const,
    fields: ["apiKey", "secret"],
    already: null,
    warnings: [],
    ...more,
  };
}

const field = (place: string, outcome: string, detail: string): ImportFieldView => ({
  place,
  outcome,
  detail,
});

function freqtrade(): Found {
  const of = '"grid-vps1"';
  return {
    drafts: [draft("grid-vps1", "binance")],
    fields: [
      field("bot_name (line 3)", "taken", `label of ${of}`),
      field("exchange.name (line 12)", "taken", `exchange of ${of}`),
      field("exchange.key (line 13)", "taken", `apiKey of ${of}`),
      field("exchange.secret (line 14)", "taken", `secret of ${of}`),
      field("exchange.ccxt_config.enableRateLimit (line 16)", "ignored", "a setting of the program, not a credential"),
      field("dry_run (line 4)", "ignored", "how the bot trades; it says nothing about the key"),
      field("stake_currency (line 5)", "ignored", "a setting of the program, not a credential"),
      field("telegram.token (line 30)", "not-imported", "a secret, but not of an exchange key"),
      field("api_server.jwt_secret_key (line 41)", "not-imported", "a secret, but not of an exchange key"),
      field("api_server.password (line 44)", "not-imported", "a secret, but not of an exchange key"),
    ],
    notes: ["add_config_files names 1 more; freqtrade reads them too, so import them as well"],
  };
}

function json(): Found {
  return {
    drafts: [
      draft("kucoin main", "kucoin", { fields: ["apiKey", "secret", "passphrase"] }),
      draft("bybit testnet", "bybit", { environment: "testnet" }),
      draft("treasury", "kraken", { already: "Kraken treasury" }),
    ],
    fields: [
      field("kucoin.main.apiKey (line 3)", "taken", 'apiKey of "kucoin main"'),
      field("kucoin.main.secret (line 4)", "taken", 'secret of "kucoin main"'),
      field("kucoin.main.password (line 5)", "taken", 'passphrase of "kucoin main"'),
      field("bybit_testnet.apiKey (line 9)", "taken", 'apiKey of "bybit testnet"'),
      field("bybit_testnet.secret (line 10)", "taken", 'secret of "bybit testnet"'),
      field("treasury.apiKey (line 14)", "taken", 'apiKey of "treasury"'),
      field("treasury.secret (line 15)", "taken", 'secret of "treasury"'),
      field("binance.enableRateLimit (line 19)", "ignored", "this entry has no credential field, only settings"),
    ],
    notes: [],
  };
}

function variables(exchange: string | null): Found {
  const named = exchange === null ? [] : [draft("API", exchange)];
  const outcome = (name: string): ImportFieldView =>
    exchange === null
      ? field(name, "not-imported", "no exchange is named for it: say which is meant")
      : field(name, "taken", `${name.includes("SECRET") ? "secret" : "apiKey"} of "API"`);
  return {
    drafts: [
      draft("okx main", "okx", {
        fields: ["apiKey", "secret", "passphrase"],
        warnings: ["spaces around passphrase were removed"],
      }),
      draft("binance 2", "binance", {
        warnings: ["apiKey and secret look swapped", "secret does not have the usual shape for this exchange"],
      }),
      ...named,
    ],
    fields: [
      field("OKX_MAIN_API_KEY (line 1)", "taken", 'apiKey of "okx main"'),
      field("OKX_MAIN_SECRET (line 2)", "taken", 'secret of "okx main"'),
      field("OKX_MAIN_PASSPHRASE (line 3)", "taken", 'passphrase of "okx main"'),
      field("BINANCE_API_KEY_2 (line 5)", "taken", 'apiKey of "binance 2"'),
      field("BINANCE_SECRET_2 (line 6)", "taken", 'secret of "binance 2"'),
      outcome("API_KEY (line 8)"),
      outcome("API_SECRET (line 9)"),
      field("LOG_LEVEL (line 11)", "not-imported", "no exchange and credential are recognised in this name"),
      field("line 12", "ignored", "a comment"),
      field("line 14", "not-imported", "a comment that seems to hold a credential"),
    ],
    notes:
      exchange === null
        ? [
            "credentials without an exchange were left: say which exchange with --exchange",
            "comments that seem to hold credentials: 1; they stay in the file whatever is imported",
          ]
        : ["comments that seem to hold credentials: 1; they stay in the file whatever is imported"],
  };
}

const HEADER = ["Venue", "Name", "Key ID", "Private part", "Made on"] as const;
const USUAL: Record<string, string> = { Venue: "exchange", Name: "label" };
const VENUES = ["binance", "kraken", "okx", "bybit"] as const;

function table(rows: number, columns: readonly ColumnMapping[], isOdd: boolean): Found {
  const given = new Map(columns.map((mapping) => [mapping.column, mapping.field]));
  const use = (column: string) =>
    given.get(column) ?? USUAL[column] ?? (column === "Key ID" && !isOdd ? "apiKey" : undefined);
  const unknown = columns.findIndex(({ column }) => !HEADER.some((name) => name === column));
  if (unknown >= 0) {
    throw fault("invalid", `mapping ${unknown + 1} names a column that the file does not have`);
  }
  const credentials = HEADER.map(use).filter(
    (as) => as !== undefined && !["-", "exchange", "label", "account", "environment"].includes(as),
  );
  if (credentials.length === 0) {
    throw fault(
      "invalid",
      "line 1: no column is known to hold a credential: give a mapping of columns to fields",
    );
  }
  const drafts: ImportDraftView[] = [];
  const fields: ImportFieldView[] = [];
  for (let row = 0; row < rows; row += 1) {
    const venue = VENUES[row % VENUES.length] ?? "binance";
    const label = `${venue} bot ${row + 1}`;
    drafts.push(
      draft(label, venue, {
        fields: credentials.filter((as) => as !== undefined),
        warnings: credentials.includes("secret") ? [] : ["secret is missing"],
      }),
    );
    for (const column of HEADER) {
      const as = use(column);
      const place = `${column} (line ${row + 2})`;
      fields.push(
        as === undefined
          ? field(place, "not-imported", NOT_MAPPED)
          : as === "-"
            ? field(place, "ignored", "left out by the mapping")
            : field(place, "taken", `${as} of "${label}"`),
      );
    }
  }
  return { drafts, fields, notes: ["the columns were separated by a comma"] };
}
