// Generated from crates/wire by `cargo xtask codegen`; a test refuses edits by hand.

export type AccountKey = { id: string, label: string,
/**
 * When the exchange ends it for that; none where it is not known to.
 */
ends: Due | null, };

export type AccountKeys = {
/**
 * As many as the frame holds.
 */
keys: Array<AccountKey>, };

/**
 * The password of an exchange account was changed.
 */
export type AccountPassword = { exchange: string, account: string, at_ms: number, };

/**
 * Ends a rollback alarm knowingly: the state at hand becomes the one this device trusts.
 */
export type AcknowledgeAlarm = { step_up: StepUp, };

/**
 * A critical act that a fresh code allows.
 */
export type Act = { "kind": "copy", key: string, label: string, field: string, } | { "kind": "purge", key: string, label: string, what: PurgeWhat, } | { "kind": "remove-device", id: string, name: string, } | { "kind": "new-kit", path: string, } | { "kind": "rotate-vault-key", kit_path: string, } | { "kind": "restore", path: string, } | { "kind": "acknowledge-alarm", } | { "kind": "grace", } | { "kind": "grace-minutes", minutes: string, } | { "kind": "ask-exchange", key: string, label: string, exchange_name: string, } | { "kind": "ask-elsewhere", key: string, label: string, exchange_name: string, } | { "kind": "schedule-checks", key: string, label: string, exchange_name: string, every_days: number, despite_rising_numbers: boolean, } | { "kind": "read-answer", key: string, label: string, exchange_name: string, } | { "kind": "make-share", share: ShareAsk,
/**
 * Of the preview that was looked at.
 */
agreed: string, path: string, brief: ShareBrief, } | { "kind": "apply-share", plan: string,
/**
 * Of what is accepted when the window opens.
 */
revision: number, sender: string, fingerprint: string, accepted: number, } | { "kind": "trust-new-key", contact: string, name: string, card: string, fingerprint: string, } | { "kind": "give-role", contact: string, name: string, fingerprint: string, role: ShareRole, scope: ShareScope, } | { "kind": "offboard", contact: string, name: string, } | { "kind": "export", which: ExportWhich, format: ExportFormat, path: string, keys: number, };

export type Allowlist = { "kind": "unrestricted", } | { "kind": "unknown", } | { "kind": "listed", rules: Array<IpRule>, };

export type AllowlistSummary = { "kind": "unrestricted", } | { "kind": "unknown", } | { "kind": "listed", rules: number, };

export type Alphabet = "any" | "hex" | "upper-hex" | "alphanumeric" | "base64" | "base64-url" | "hex-dashes" | "pem";

/**
 * Where to begin: a key, what is due, or nowhere in particular.
 */
export type Arrival = {
/**
 * A key's id.
 */
key: string | null, due: boolean,
/**
 * The vault was made a moment ago.
 */
created: boolean, };

/**
 * Asks a key's exchange about it.
 */
export type AskExchange = { key: string, label: string, };

/**
 * What became of it.
 */
export type AskStarted = { "kind": "checked", checked: Checked, } | { "kind": "asked", };

/**
 * Asks with the code that was typed, or reads an answer that was got elsewhere. Not on the
 * connection of the other windows, which would wait for the network with it.
 */
export type AskWithCode = { key: string, answer: string | null, step_up: StepUp, };

export type AuditEntry = { seq: number, utc_ms: number, device: string, actor: string, client: string, event: string,
/**
 * Id and label of the entry concerned, if it still has one.
 */
entry_id: string | null, label: string | null, decision: string, };

/**
 * Writes the log as JSON lines with its signed checkpoint and proof.
 */
export type AuditExport = { path: string, };

export type AuditList = {
/**
 * Newest first; entries with a sequence number below this one.
 */
before_seq: number | null, limit: number, key: string | null, event: string | null, };

export type AuditPage = { entries: Array<AuditEntry>, size: number, next_before_seq: number | null, };

export type AuditVerified = { size: number,
/**
 * Root hash, hexadecimal.
 */
root: string,
/**
 * The state this device anchored last, proven to be a prefix of the log.
 */
anchored_size: number | null, checkpoint_signer: string,
/**
 * What exactly has been shown, in a sentence.
 */
claim: string, };

export type BackupDone = { written: Array<BackupView>,
/**
 * Destinations that failed, with why.
 */
failed: Array<string>, };

export type BackupList = { backups: Array<BackupView>, };

export type BackupNow = {
/**
 * An extra destination for this once.
 */
folder: string | null, };

export type BackupView = { path: string, at_ms: number, bytes: number, verified: boolean, };

export type Breach = { "kind": "at", ms: number, } | { "kind": "none", };

export type CalendarAsk = {
/**
 * Days ahead; what is overdue is told too.
 */
days: number, };

export type CalendarEntry = { kind: CalendarKind,
/**
 * Id of the key or the vendor.
 */
id: string, name: string, exchange_name: string | null, due: Due,
/**
 * What happens then, as one clause.
 */
effect: string | null,
/**
 * Why it is not sure, as one clause; what is not sure reminds of nothing.
 */
doubt: string | null, };

/**
 * Writes an iCalendar file that is not there yet.
 */
export type CalendarExport = { days: number,
/**
 * Absolute.
 */
path: string,
/**
 * Whether keys and vendors are named in it.
 */
names: boolean, };

export type CalendarKind = "expiry" | "may-end" | "rotation" | "revocation" | "review";

export type CalendarView = {
/**
 * Soonest first, as many as the frame holds.
 */
entries: Array<CalendarEntry>, total: number, };

export type CalendarWritten = { path: string, entries: number, };

/**
 * One's own card as a QR code: rows of `0` (light) and `1` (dark), without the quiet zone.
 */
export type CardQr = { rows: Array<string>, };

/**
 * Writes one's own card to this file, which must not be there.
 */
export type CardWrite = { path: string, };

/**
 * One change. Absent means untouched; clearing is said in words.
 */
export type Change = { "set": "label", value: string, } | { "set": "exchange", value: string, } | { "set": "account", value: string, } | { "set": "environment", value: Environment, } | { "set": "key-type", value: KeyType, } | { "set": "declared", value: Permissions, } | { "set": "native-permissions", value: Array<string>, } | { "set": "allowlist", value: Allowlist, } | { "set": "expiry", value: Array<ExpiryCause>, } | { "set": "rotation", days: number | null, } | { "set": "created", at_ms: number, } | { "set": "last-used", at_ms: number, } | { "set": "purpose", value: string | null, } | { "set": "owner", value: string | null, } | { "set": "consumers", value: Array<string>, } | { "set": "tags", value: Array<string>, } | { "set": "notes", value: string | null, } | { "set": "state", value: KeyState, } | { "set": "compromised", since_ms: number | null, } | { "set": "resolve", write_id: string, };

export type Check = { key: string,
/**
 * In the exchange's own form, where it wants numbers that rise; the vault's next one
 * without it.
 */
nonce: string | null,
/**
 * Where a test has put the exchange: the loopback, and nowhere else.
 */
loopback: LoopbackExchange | null,
/**
 * An answer that was got elsewhere: it is read, and nothing is sent.
 */
answer: string | null, step_up: StepUp | null, };

/**
 * The question for the key's own machine, signed, as a command for a shell: it goes to the
 * clipboard and to no window, because some exchanges want a passphrase beside the signature.
 */
export type CheckElsewhere = { key: string, step_up: StepUp | null, };

export type CheckOutcome = "answered" | "key-is-wrong" | "key-is-known" | "cannot-be-asked-from-here" | "ask-later" | "cannot-tell" | "no-answer";

/**
 * What a check would send, before anything is sent or any secret opened.
 */
export type CheckPlan = {
/**
 * In the order in which they are asked; what an earlier one answers, the later need not.
 */
calls: Array<PlannedCall>, exchange_name: string, environment: Environment,
/**
 * The host that is asked.
 */
host: string,
/**
 * Sentences a person is to read before it is sent.
 */
warnings: Array<string>,
/**
 * The exchange wants every request of a key to carry a higher number than the last.
 */
rising_numbers: boolean,
/**
 * The day on which what is known of this exchange was compared with its sources; ISO 8601.
 */
facts_as_of: string, };

/**
 * Whether a key's exchange is asked by itself, while the vault is open.
 */
export type CheckSchedule = { key: string,
/**
 * Days between two askings, 1 to 3650; by hand only without it, which needs no code.
 */
every_days: number | null,
/**
 * The exchange wants numbers that rise, and the person knows that a bot with the same key
 * can break.
 */
despite_rising_numbers: boolean, step_up: StepUp | null, };

/**
 * How it is arranged for a key.
 */
export type CheckScheduleView = { every_days: number,
/**
 * Not before this moment, UTC milliseconds, and only while the vault is open.
 */
next_ms: number,
/**
 * The last asking that may have reached the exchange, and how it ended.
 */
last_ms: number | null, last_outcome: CheckOutcome | null, };

/**
 * How a check ended.
 */
export type Checked = { outcome: CheckOutcome,
/**
 * What happened, in one sentence.
 */
sentence: string,
/**
 * The one thing to do about it; empty where nothing is to be done.
 */
remedy: string,
/**
 * UTC milliseconds.
 */
asked_ms: number,
/**
 * Our clock less the exchange's, milliseconds, where an answer told its time.
 */
clock_offset_ms: number | null, seen: Seen | null,
/**
 * What changed since the last answer, a sentence each.
 */
drift: Array<string>,
/**
 * Rights that the exchange grants and the record denies.
 */
excess: Array<Verb>,
/**
 * What a refusal was compared with; empty where the exchange did not refuse.
 */
steps: Array<DiagnosisStep>, };

export type CheckedView = {
/**
 * Stable: `storage`, `encryption` …
 */
question: string,
/**
 * The whole question; yes is the answer one hopes for.
 */
words: string, answer: Tri, evidence: string | null,
/**
 * When it was looked at; none if nobody did.
 */
at_ms: number | null, };

export type ChoosePath = { purpose: PathPurpose, };

/**
 * `None` where the person chose nothing. Where the desktop shows no dialog the fault is
 * `no-desktop`, and a path can be typed.
 */
export type ChosenPath = { path: string | null, };

export type ClassGiven = {
/**
 * `withdraw`, `trade` or `read`.
 */
class: string, keys: number,
/**
 * Secrets that go along; the other keys of the class are told of without theirs.
 */
secrets: number,
/**
 * What somebody could do with them, in a sentence.
 */
could: string, };

export type Code = { kind: CodeKind, value: string, };

/**
 * A code typed by the person.
 */
export type CodeKind = "totp" | "recovery";

export type ColumnMapping = { column: string, field: string, };

/**
 * Several values of one register, none of which knew of the other. Both are kept.
 */
export type Conflict = { register: string, values: Array<ConflictValue>, };

export type ConflictChoice = {
/**
 * Names the value for `conflict_resolve`.
 */
write: string, at_ms: number,
/**
 * Who wrote it, as far as that is known: `you`, or the name of a contact.
 */
who: string,
/**
 * None for a secret.
 */
words: string | null, };

export type ConflictChosen = { entry: string, write: string, };

/**
 * Registers with several values, of keys and of everything else.
 */
export type ConflictList = {
/**
 * As many as the frame holds.
 */
conflicts: Array<ConflictRow>, total: number, next: number | null, };

export type ConflictPage = { offset: number, };

/**
 * Chooses a value for each of some conflicts, in one act.
 */
export type ConflictResolve = { choose: Array<ConflictChosen>, };

export type ConflictRow = {
/**
 * The key, or another entry, that a person knows by the label.
 */
entry: string, label: string,
/**
 * `key`, `account`, `consumer` …
 */
kind: string,
/**
 * `allowlist`, `notes` …
 */
what: string,
/**
 * Oldest first by their clocks.
 */
values: Array<ConflictChoice>, };

export type ConflictValue = { write_id: string, value: string, at_ms: number, };

export type ConflictsResolved = { resolved: number,
/**
 * Conflicts that are left.
 */
left: number, };

export type ConsumerKind = "bot" | "tool" | "person" | "host";

export type ConsumerList = {
/**
 * By name, as many as the frame holds.
 */
consumers: Array<ConsumerView>, total: number, };

/**
 * What is not named stays as it is; an empty text clears. Somebody new is made.
 */
export type ConsumerSet = { name: string, rename: string | null, kind: ConsumerKind | null, vendor: string | null, host: string | null, breach: Breach | null, notes: string | null, };

export type ConsumerView = { id: string, name: string, kind: ConsumerKind | null, vendor: string | null,
/**
 * Where it runs.
 */
host: string | null,
/**
 * When it had a breach.
 */
breached_ms: number | null, notes: string | null,
/**
 * Keys it holds that an exchange may still take.
 */
keys: number, };

/**
 * A card as text; or as a file, passed as a descriptor beside the frame.
 */
export type ContactAdd = { card: string | null, };

export type ContactAdded = { "kind": "added", contact: ContactView, } | { "kind": "known", contact: ContactView, } | { "kind": "key-changed", change: KeyChanged, };

/**
 * A card in a file; the shell passes it to the agent as a descriptor.
 */
export type ContactFile = { path: string, };

export type ContactList = {
/**
 * By name, as many as the frame holds.
 */
contacts: Array<ContactView>, total: number, next: number | null, };

/**
 * Says that somebody has new keys. What was verified has to be verified anew.
 */
export type ContactNewKey = { contact: string, card: string,
/**
 * As the person confirmed it; compared with the card.
 */
fingerprint: string, step_up: StepUp | null, };

export type ContactPage = { offset: number, };

/**
 * By name or id.
 */
export type ContactSelect = { contact: string, };

/**
 * What is not named stays as it is. A role, and what it reaches, need a step-up.
 */
export type ContactSet = { contact: string, rename: string | null, role: ShareRole | null, scope: ShareScope | null, step_up: StepUp | null, };

/**
 * How sure it is that the keys are this person's.
 */
export type ContactState = "unverified" | "pinned" | "verified";

/**
 * Says that the fingerprint was compared with the person.
 */
export type ContactVerify = { contact: string,
/**
 * The one that was compared; blanks, dashes and case do not matter.
 */
fingerprint: string, };

export type ContactView = { id: string, name: string, fingerprint: string, card: string, state: ContactState,
/**
 * None until the owner of this vault gave one: nothing is shared with them then, and
 * nothing of theirs counts.
 */
role: ShareRole | null,
/**
 * In words, such as `tag desk, 2 keys`; empty without a role.
 */
scope_words: string, scope: ShareScope, added_ms: number,
/**
 * When something was last shared with them, and when something of theirs was last imported.
 */
shared_ms: number | null, imported_ms: number | null,
/**
 * Since when they are removed: nothing is shared with them any more.
 */
removed_ms: number | null,
/**
 * Keys with a secret they were given that was not replaced since; 0 while they are here,
 * who have a right to what they know. What it would be is for `rotate_list`.
 */
to_rotate: number, };

export type Copied = {
/**
 * Seconds until the clipboard is cleared, if it is still ours.
 */
clears_after_s: number, };

/**
 * One field to the clipboard.
 */
export type Copy = { key: string, field: string, step_up: StepUp | null, };

export type CopyField = { key: string, label: string, field: string, };

/**
 * What became of a copy.
 */
export type CopyStarted = { "kind": "copied", clears_after_s: number, } | { "kind": "asked", };

/**
 * First step of making a vault. Nothing is written until the code is confirmed.
 */
export type CreateBegin = { password: string, place: SecretPlace,
/**
 * Argon2id memory in MiB: 64 to 2048. Without it the machine is measured.
 */
kdf_mib?: number | null,
/**
 * Name shown by the authenticator; the folder's name without it.
 */
name?: string | null, };

export type CreateBegun = {
/**
 * `otpauth://totp/…`, for a QR code or typing.
 */
otpauth: string,
/**
 * The seed alone, base32, for typing.
 */
seed: string, kdf: KdfView,
/**
 * Milliseconds one derivation takes here.
 */
kdf_ms: number, };

/**
 * Second step: one code typed back. The vault exists, unlocked, when this answers.
 */
export type CreateConfirm = { code: string,
/**
 * Where the recovery kit goes. Without it the vault has none until `recovery_kit`.
 */
kit_path?: string | null,
/**
 * Second destination of the automatic backups, off this disk if possible.
 */
backup_folder?: string | null, };

export type CreateConfirmed = { vault_id: string, kit: KitView | null,
/**
 * Sentences about what was asked for and did not come true; the vault exists all the same.
 */
notes: Array<string>, };

export type DeviceList = { devices: Array<DeviceView>, };

export type DeviceRemove = { id: string, step_up: StepUp, };

export type DeviceSecretState = "present" | "missing" | "keyring-locked" | "no-keyring" | "ambiguous";

export type DeviceView = { id: string, name: string,
/**
 * `device` or `recovery`.
 */
kind: string, enrolled_ms: number, this_device: boolean,
/**
 * Its slot was changed from outside and opens nothing; a password change repairs it.
 */
damaged: boolean, place: SecretPlace | null, };

export type Diagnosis = { exchange_name: string,
/**
 * Every cause, in the order in which they were looked at.
 */
steps: Array<DiagnosisStep>,
/**
 * What it is, in one sentence.
 */
sentence: string,
/**
 * The one thing to do.
 */
remedy: string, };

export type DiagnosisStep = {
/**
 * `key and secret`, `clock`, `allowlist` …
 */
cause: string, outcome: StepOutcome,
/**
 * One sentence.
 */
words: string, };

/**
 * What was refused, and what the person knows of it beside the record.
 */
export type Doctor = { key: string,
/**
 * The exchange's words, or a line of a log with them in it; nothing of it is kept.
 */
text: string,
/**
 * From where the exchange was asked, where the text does not say it.
 */
address: string | null,
/**
 * The clock of the machine that asked, less the exchange's; milliseconds.
 */
clock_offset_ms: number | null,
/**
 * The right that what was tried takes.
 */
wanted: Verb | null,
/**
 * Whether the form of the stored secret is looked at as well; it takes a code, and nothing
 * of the secret is told.
 */
look: boolean, step_up: StepUp | null, };

/**
 * For commands that give nothing back: it is done, and durable.
 */
export type Done = Record<symbol, never>;

/**
 * A moment something is due, with why.
 */
export type Due = { at_ms: number,
/**
 * Local calendar date, ISO 8601.
 */
date: string,
/**
 * Whole local days from today; negative when past.
 */
days: number,
/**
 * One clause: "fixed date", "90 days since creation without an allowlist" …
 */
cause: string, };

export type Environment = "production" | "testnet" | "demo" | "development";

export type EnvironmentFacet = { value: Environment, keys: number, };

/**
 * Why a command was refused. A code exists only if a client acts on it; everything else
 * is told by the message of the [`Fault`].
 */
export type ErrorCode = "invalid" | "no-vault" | "vault-exists" | "locked" | "wrong-credentials" | "throttled" | "step-up-required" | "code-replayed" | "clock-moved-back" | "no-device-secret" | "no-keyring" | "rollback-alarm" | "corrupt" | "newer-format" | "protocol-mismatch" | "not-found" | "ambiguous" | "refused" | "disk-full" | "read-only" | "busy" | "verifying" | "no-agent" | "no-desktop" | "internal";

/**
 * Writes the evidence of an incident as Markdown to this file, which must not be there, and
 * as JSON beside it.
 */
export type EvidenceWrite = { incident: string, path: string, };

export type EvidenceWritten = { markdown: string, json: string, keys: number, };

/**
 * A way in which a key may do more than it should.
 */
export type Excess = "withdraw-unlisted" | "trade-unrestricted" | "more-than-declared" | "more-than-purpose";

/**
 * Every exchange that is known by name.
 */
export type ExchangeList = { exchanges: Array<ExchangeView>, };

/**
 * Where keys are made, and where they are ended.
 */
export type ExchangePage = "manage" | "revoke";

export type ExchangeView = { id: string, name: string,
/**
 * ISO date on which the exchange ended; its keys are loose ends.
 */
closed_on?: string | null,
/**
 * ISO date on which what is known of it was compared with its sources.
 */
facts_as_of?: string | null,
/**
 * What a key of it is made of, in the order in which it is asked for. Empty where nothing
 * is known: key and secret then.
 */
fields: Array<FieldTemplate>,
/**
 * The usual one first. Empty where nothing is known.
 */
key_types: Array<KeyType>, };

/**
 * One recorded cause of an expiry; the earliest wins.
 */
export type ExpiryCause = { "kind": "fixed", at_ms: number, } | { "kind": "days-since-creation", days: number, } | { "kind": "inactivity", days: number, } | { "kind": "no-allowlist", days: number, } | { "kind": "password-change", at_ms: number, } | { "kind": "session-life", days: number, };

/**
 * Writes the keys into the file passed beside the frame: a regular one, new, empty, and open
 * to nobody else.
 */
export type Export = { which: ExportWhich, format: ExportFormat,
/**
 * The number of keys that was agreed to.
 */
keys: number,
/**
 * For a format that encrypts, and for no other. It is not the vault's password.
 */
file_password?: string | null,
/**
 * Always a code of its own: no grace covers an export.
 */
step_up: StepUp, };

/**
 * What would an export give out? No secret is opened for it.
 */
export type ExportAsk = { which: ExportWhich, format: ExportFormat, };

export type ExportDone = { keys: number, bytes: number,
/**
 * As many as the frame holds.
 */
left_out: Array<LeftOut>, left_out_total: number, };

export type ExportFormat = "json" | "files" | "csv" | "env" | "freqtrade" | "passivbot" | "ccxt" | "kubernetes" | "kdbx";

export type ExportPlan = { keys: number,
/**
 * As many as the frame holds.
 */
left_out: Array<LeftOut>, left_out_total: number, };

export type ExportWhich = { "kind": "keys", keys: Array<string>, } | { "kind": "tag", tag: string, } | { "kind": "all", };

/**
 * Writes keys in plaintext to this file, which must not be there and not where git sees it.
 */
export type ExportWrite = { which: ExportWhich, format: ExportFormat, path: string,
/**
 * The number of keys that was agreed to.
 */
keys: number, step_up: StepUp, };

export type Facet = {
/**
 * What a filter takes: an exchange's id, an account's label, a consumer, a tag.
 */
value: string,
/**
 * What a person reads.
 */
name: string, keys: number, };

/**
 * How many keys stand behind each way of looking at the list.
 */
export type Facets = { all: number,
/**
 * Due within 30 days or overdue.
 */
due: number, over_permissive: number, unrestricted: number, archived: number,
/**
 * Most keys first; archived keys are not counted in any of these. As many as fit a frame.
 */
exchanges: Array<Facet>, environments: Array<EnvironmentFacet>, accounts: Array<Facet>, consumers: Array<Facet>, tags: Array<Facet>, };

/**
 * An error as it crosses the socket: what happened and what to do.
 */
export type Fault = { code: ErrorCode,
/**
 * One or two sentences: what happened, what to do. No secret, no label, no path.
 */
message: string,
/**
 * With [`ErrorCode::Throttled`]: milliseconds until the next try is taken.
 */
retry_after_ms?: number, };

/**
 * A field's value as typed or imported. Names: apiKey, secret, passphrase, uid, privateKey,
 * walletAddress, token, or a name of the person's own.
 */
export type FieldInput = { name: string, value: string, };

export type FieldShape = {
/**
 * Characters the value begins with.
 */
prefix?: string | null,
/**
 * Characters after the prefix, at least and at most.
 */
least: number, most: number, alphabet: Alphabet, };

export type FieldTemplate = { name: string, secret: boolean, required: boolean,
/**
 * Shapes a value usually has, any one of them. A value of another shape is pointed out,
 * never refused. Empty where nothing is known.
 */
shapes: Array<FieldShape>, };

export type FieldView = { name: string, secret: boolean, };

export type FindingAccept = { rule: string,
/**
 * Whom it is about: a key, a consumer, a vendor or an exchange; none for the vault.
 */
subject: string | null, reason: string, until_ms: number, };

export type FindingSubject = { "kind": "vault", } | { "kind": "entry", id: string, } | { "kind": "exchange", id: string, };

export type FindingUnaccept = { rule: string, subject: string | null, };

export type FindingView = { rule: string, severity: Severity, subject: FindingSubject,
/**
 * What a person calls the subject.
 */
name: string,
/**
 * One sentence.
 */
reason: string, act: RemedyAct,
/**
 * One sentence: what to do.
 */
remedy: string, standing: Standing, };

/**
 * The small window is done, and closes. The main window hears of it.
 */
export type Finish = { outcome: Outcome, };

export type Grace = { until_ms: number, };

export type HealthAsk = {
/**
 * Findings to leave out from the front, for the next page.
 */
offset: number,
/**
 * Only findings about this key, consumer or vendor, by its id; score and rules are of
 * the whole vault all the same.
 */
about: string | null, };

export type HealthRule = {
/**
 * Stable: `trade-unrestricted` …
 */
rule: string, severity: Severity,
/**
 * A few words that follow the subject's name.
 */
title: string,
/**
 * Why it matters, in one or two sentences.
 */
why: string, open: number, accepted: number,
/**
 * Points it costs.
 */
points: number, };

export type HealthView = {
/**
 * From 0 to 100.
 */
score: number,
/**
 * One sentence: where every point went.
 */
explained: string,
/**
 * Rules with findings, worst first, with what each costs.
 */
rules: Array<HealthRule>,
/**
 * Worst first, as many as the frame holds.
 */
findings: Array<FindingView>, total: number,
/**
 * Where the next page begins.
 */
next: number | null, };

export type HeldAsk = { whose: KeysOf,
/**
 * Also what was held once, and retired keys.
 */
ever: boolean,
/**
 * Keys to leave out from the front, for the next page.
 */
offset: number, };

export type HeldKey = { id: string, label: string, exchange_name: string, account: string, environment: Environment, state: KeyState,
/**
 * It is being ended at the exchange, and nobody has said yet that it is dead.
 */
contained: boolean,
/**
 * `withdraw`, `trade` or `read`: its highest right.
 */
class: string, allowlist: AllowlistSummary, owner: string | null, last_rotated_ms: number, last_used_ms: number | null, expiry: Due | null, rotation: Due | null, holds: Array<HoldView>, };

export type HeldKeys = {
/**
 * What can withdraw first, then what trades; as many as the frame holds.
 */
keys: Array<HeldKey>, total: number, next: number | null, };

export type HistoryLine = { at_ms: number, register: string,
/**
 * The value in words; `[secret]` or `[purged]` for material.
 */
value: string, device: string, current: boolean, };

export type HistoryView = {
/**
 * Newest first, as many as the frame holds.
 */
lines: Array<HistoryLine>, total: number, };

export type HoldView = { consumer: string, since_ms: number, still: boolean, };

export type ImportApplied = {
/**
 * Names the batch for `import_undo`.
 */
batch: string,
/**
 * The first page of what was added; more by `import_keys`.
 */
added: Array<ImportedKey>, added_total: number, already: number, };

export type ImportApply = { plan: string, };

export type ImportDraftView = { label: string, exchange: string, account: string, environment: Environment, fields: Array<string>,
/**
 * The same key is recorded already under this label.
 */
already: string | null, warnings: Array<string>, };

export type ImportFieldView = {
/**
 * Path, line or column; never a value.
 */
place: string,
/**
 * `taken`, `ignored` or `not-imported`.
 */
outcome: string,
/**
 * Where it went, or why not.
 */
detail: string, };

/**
 * A file is opened by the shell and passed to the agent as a descriptor: a plan comes back,
 * nothing is taken yet.
 */
export type ImportFile = { path: string, source: string | null, columns: Array<ColumnMapping>, exchange: string | null, account: string | null, };

/**
 * The same of a file under a password, which is not the vault's.
 */
export type ImportFileOpen = { file: ImportFile, password: string, };

/**
 * A further page of a batch's keys.
 */
export type ImportKeys = { batch: string, offset: number, };

/**
 * A further page of a plan too long for one frame.
 */
export type ImportPage = { plan: string, drafts_from: number, fields_from: number, };

export type ImportPlanView = {
/**
 * Names the plan for `import_apply`, on this connection, for ten minutes.
 */
plan: string, source: string,
/**
 * From `import_page`'s `drafts_from` on, as many as the frame holds.
 */
drafts: Array<ImportDraftView>, drafts_total: number,
/**
 * What became of every field, line or column of the source; paged like the drafts.
 */
fields: Array<ImportFieldView>, fields_total: number,
/**
 * What to know about the whole source.
 */
notes: Array<string>, };

/**
 * The source is passed as a descriptor beside the frame.
 */
export type ImportPreview = {
/**
 * The name of a kind of source; detected without it.
 */
source: string | null,
/**
 * The file's name without its folder, for detection and labels.
 */
name_hint: string | null,
/**
 * CSV: column header → our field name.
 */
columns: Array<ColumnMapping>,
/**
 * Exchange for sources that name none.
 */
exchange: string | null, account: string | null,
/**
 * What opens the source, where it is encrypted. It is not the vault's password.
 */
source_password: string | null,
/**
 * The key of its key file in hexadecimal, where it has one (KeePass).
 */
source_key_file: string | null, };

export type ImportUndo = {
/**
 * The latest batch without it.
 */
batch: string | null, };

export type ImportUndone = { removed: number,
/**
 * Keys changed since the import are kept.
 */
kept: number, };

export type ImportedKey = { id: string, label: string,
/**
 * Index into the plan's drafts.
 */
draft: number, };

export type ImportedPage = { keys: Array<ImportedKey>, next: number | null, };

export type IncidentClose = { incident: string | null, root_cause: string, };

export type IncidentList = {
/**
 * Newest first.
 */
incidents: Array<IncidentRow>, };

export type IncidentNote = { incident: string | null, key: string | null, text: string, due_ms: number | null, };

export type IncidentNoteView = { at_ms: number,
/**
 * Id of the key it is about.
 */
key: string | null, text: string,
/**
 * Something to be done until then.
 */
due_ms: number | null, };

export type IncidentOpen = { title: string, playbook: PlaybookText,
/**
 * Also what they held once, and retired keys.
 */
whose: KeysOf,
/**
 * The same in words.
 */
about: string, };

export type IncidentPage = { incident: string | null, offset: number, };

export type IncidentRow = { id: string, title: string, playbook: string, about: string, opened_ms: number, closed_ms: number | null, keys: number, };

/**
 * The incident with this id or title; the newest open one without.
 */
export type IncidentSelect = { incident: string | null, };

/**
 * What the audit log has of an incident and its keys, oldest first.
 */
export type IncidentTimeline = { entries: Array<AuditEntry>, total: number, next: number | null, };

export type IncidentView = { id: string, title: string, playbook: PlaybookText, about: string, opened_ms: number, closed_ms: number | null, root_cause: string | null,
/**
 * In the order in which to act, as many as the frame holds.
 */
keys: Array<HeldKey>, total: number,
/**
 * Keys that were deleted since.
 */
gone: number,
/**
 * Oldest first, as many as the frame holds.
 */
notes: Array<IncidentNoteView>, };

export type IpRule = {
/**
 * An address or a network in CIDR form.
 */
address: string,
/**
 * A name for the host, such as `VPS-1`.
 */
host?: string | null, };

export type KdfView = { memory_mib: number, passes: number, lanes: number, };

/**
 * A new key.
 */
export type KeyAdd = { label: string, exchange: string,
/**
 * Label of the exchange account; made if there is none of that name.
 */
account: string, environment: Environment, key_type: KeyType,
/**
 * Empty for a record whose secret is held elsewhere.
 */
fields: Array<FieldInput>, declared: Permissions, native_permissions: Array<string>, allowlist: Allowlist, expiry: Array<ExpiryCause>,
/**
 * Days between rotations, 1 to 3650; the class default without it.
 */
rotation_days: number | null,
/**
 * When the key was made at the exchange; now without it.
 */
created_ms: number | null, purpose: string | null, owner: string | null, consumers: Array<string>, tags: Array<string>, notes: string | null, };

export type KeyAdded = { id: string,
/**
 * What looked odd: a field that was trimmed, a label that is used twice …
 */
warnings: Array<string>, };

export type KeyChanged = {
/**
 * The contact as it stands, with the keys it has.
 */
contact: ContactView,
/**
 * The keys of the card that came.
 */
new_fingerprint: string, new_card: string, };

/**
 * A new key before its secret is typed: `KeyAdd` without the fields.
 */
export type KeyDraft = { label: string, exchange: string, account: string, environment: Environment, key_type: KeyType, declared: Permissions, native_permissions: Array<string>, allowlist: Allowlist, expiry: Array<ExpiryCause>, rotation_days: number | null, created_ms: number | null, purpose: string | null, owner: string | null, consumers: Array<string>, tags: Array<string>, notes: string | null, };

/**
 * Changes to one key, all or nothing. Secrets have a command of their own.
 */
export type KeyEdit = { key: string, changes: Array<Change>, };

export type KeyFilter = { text: string | null, exchange: string | null, account: string | null, environment: Environment | null, state: KeyState | null,
/**
 * Keys that may do this: granted or unknown.
 */
permission: Verb | null, tag: string | null, consumer: string | null,
/**
 * Expiry or rotation due within this many days, or overdue.
 */
due_within_days: number | null,
/**
 * Archived keys are left out without it.
 */
archived: boolean,
/**
 * Keys with at least one of [`Excess`].
 */
over_permissive: boolean,
/**
 * Keys that any address may use, by what was recorded. Not recorded is not in it.
 */
unrestricted: boolean, };

export type KeyList = { filter: KeyFilter, sort: KeySort,
/**
 * Rows to skip; a page ends where the frame is full.
 */
offset: number, limit: number, };

export type KeyPage = { rows: Array<KeyRow>, total: number,
/**
 * Offset of the next page.
 */
next: number | null, };

/**
 * A row of the list.
 */
export type KeyRow = {
/**
 * 32 hexadecimal digits.
 */
id: string, label: string, exchange: string, exchange_name: string, account: string, environment: Environment, state: KeyState, compromised: boolean, declared: Permissions, observed: Permissions | null,
/**
 * `unrestricted`, `unknown` or the number of rules.
 */
allowlist: AllowlistSummary, expiry: Due | null, rotation: Due | null, last_rotated_ms: number, tags: Array<string>, consumers: Array<string>, conflict: boolean, has_secret: boolean,
/**
 * In which ways the key may do more than it should; worst first.
 */
excess: Array<Excess>, };

/**
 * A key by its label or id. A label that fits several keys is refused as ambiguous.
 */
export type KeySelector = { key: string, };

export type KeySort = "due" | "label" | "exchange" | "created";

export type KeyState = "draft" | "active" | "rotating" | "draining" | "revoked" | "archived";

export type KeyType = "hmac" | "rsa" | "ed25519" | "ecdsa" | "passphrase" | "agent-wallet" | "o-auth";

export type KeyView = { row: KeyRow, key_type: KeyType, purpose: string | null, owner: string | null, notes: string | null,
/**
 * The notes look as if they held a secret.
 */
notes_warning: string | null, allowlist: Allowlist, native_permissions: Array<string>, expiry_causes: Array<ExpiryCause>,
/**
 * Days; `None` means the class default, which `rotation_days` gives.
 */
rotation_override: number | null, rotation_days: number, created_ms: number, last_used_ms: number | null,
/**
 * When the exchange last said what is observed; none if it never did.
 */
observed_ms: number | null,
/**
 * What it said then, beside the permissions.
 */
observation: Observed | null,
/**
 * Whether the exchange is asked by itself, too.
 */
check_schedule: CheckScheduleView | null, compromised_since_ms: number | null,
/**
 * Of the current version, in the template's order.
 */
fields: Array<FieldView>, versions: Array<VersionView>, conflicts: Array<Conflict>, };

/**
 * Whose keys are meant.
 */
export type KeysOf = { "kind": "vendor", name: string, } | { "kind": "consumer", name: string, } | { "kind": "person", name: string, } | { "kind": "host", name: string, } | { "kind": "exchange", name: string, } | { "kind": "keys", keys: Array<string>, } | { "kind": "all", };

export type KitView = { path: string, fingerprint: string, recovery_codes: number, };

/**
 * A key that does not leave.
 */
export type LeftOut = { id: string, label: string,
/**
 * As one clause.
 */
why: string, };

/**
 * Whether the agent starts with the session, so that reminders come without the window.
 */
export type LoginStart = { on: boolean, };

export type LookSet = { theme: Theme, };

export type LookView = { theme: Theme,
/**
 * Of the desktop program.
 */
version: string, };

export type LoopbackExchange = {
/**
 * `https://127.0.0.1:8443`.
 */
url: string,
/**
 * The authority to trust beside the usual ones, PEM.
 */
authority: string | null, };

/**
 * For commands that take nothing.
 */
export type Nothing = Record<symbol, never>;

/**
 * The last answer of the exchange about a key, as it is kept.
 */
export type Observed = { at_ms: number, allowlist: SeenAllowlist, expires_ms: number | null, created_ms: number | null, last_used_ms: number | null,
/**
 * What the key is called at the exchange.
 */
label: string | null,
/**
 * The exchange's word, where it has switched the key off.
 */
stopped: string | null,
/**
 * The exchange's own words for what the key may do.
 */
native: Array<string>,
/**
 * Those of them that nobody here knows: each may mean anything.
 */
unknown_words: Array<string>,
/**
 * What changed since the answer before it, a sentence each.
 */
drift: Array<string>, };

/**
 * Somebody leaves: nothing is shared with them any more, nothing of theirs counts, and what
 * they could open is to be rotated.
 */
export type Offboard = { contact: string, step_up: StepUp | null, };

export type Offboarded = { contact: ContactView,
/**
 * Shares that went to them and to others: to be made again for the others.
 */
share_again: Array<ShareAsk>, rotate: RotateListPage, };

/**
 * Opens the window that belongs to a task, beside the main one; an open one is replaced.
 */
export type OpenWindow = { task: Task, };

export type Outcome = { "kind": "cancelled", } | { "kind": "done", } | { "kind": "added", id: string, warnings: Array<string>, } | { "kind": "staged", warnings: Array<string>, } | { "kind": "copied", key: string, field: string, clears_after_s: number, } | { "kind": "grace-until", until_ms: number, } | { "kind": "kit", kit: KitView, } | { "kind": "kit-tested", works: boolean, fingerprint: string, } | { "kind": "password-changed", devices_dropped: number, } | { "kind": "vault-key-rotated", rotated: VaultKeyRotated, } | { "kind": "restored", keys: number, kept_aside: string | null, } | { "kind": "checked", checked: Checked, } | { "kind": "question-copied", clears_after_s: number, } | { "kind": "share-made", path: string, bytes: number, keys: number, secrets: number, passphrase: boolean, } | { "kind": "share-opened", opened: ShareOpened, } | { "kind": "import-previewed", plan: ImportPlanView, } | { "kind": "share-applied", applied: ShareApplied, } | { "kind": "offboarded", offboarded: Offboarded, } | { "kind": "exported", path: string, done: ExportDone, };

/**
 * What others need to share with this vault, and to know its shares.
 */
export type OwnCard = { name: string,
/**
 * Eight groups of four characters.
 */
fingerprint: string,
/**
 * The card as one line, short enough for a QR code.
 */
card: string,
/**
 * The recipient as `age` takes it.
 */
age_recipient: string,
/**
 * The signing key as `ssh-keygen -Y verify` takes it.
 */
ssh_key: string, };

/**
 * Makes the keys if there are none yet; afterwards only the name changes.
 */
export type OwnCardSet = { name: string, };

export type OwnCardView = {
/**
 * None until a name was given: the keys are made then.
 */
card: OwnCard | null, };

/**
 * Opens a page of a key's exchange in the person's browser. The page of ours names the key and
 * never the address, so that what runs in it cannot send a browser anywhere.
 */
export type PageOpen = { key: string, page: ExchangePage, };

/**
 * `step_up.password` is the present password.
 */
export type PasswordChange = { new_password: string, step_up: StepUp, };

export type PasswordChanged = {
/**
 * Devices that could not be taken along and enrol again with the kit.
 */
devices_dropped: number, };

export type PathPurpose = "kit" | "backup-folder" | "backup" | "import" | "audit-log" | "calendar" | "evidence" | "report-markdown" | "report-csv" | "report-json" | "card" | "card-open" | "share" | "share-open" | "rotate-csv" | "rotate-calendar" | "export";

/**
 * The eight verbs, all present.
 */
export type Permissions = { read: Tri, spot: Tri, margin: Tri, derivatives: Tri, transfer: Tri, withdraw: Tri, sub_accounts: Tri, key_admin: Tri, };

export type PlannedCall = { method: string, path: string, query: Array<QueryPair>, body: string | null,
/**
 * What it is asked for.
 */
purpose: string,
/**
 * Whether the exchange counts it as a use of the key.
 */
counts_as_use: Tri,
/**
 * Whether it may put off an end by inactivity.
 */
may_reset_inactivity: Tri,
/**
 * Whether it can be signed as it stands here, to be sent from another machine.
 */
can_be_sent_elsewhere: boolean, };

export type PlaybookList = { playbooks: Array<PlaybookView>, };

/**
 * What is to be done; kept with the incident as it was when it was opened.
 */
export type PlaybookText = { id: string, steps: Array<string>,
/**
 * What is to be known in the end.
 */
questions: Array<string>, };

/**
 * A playbook of the program.
 */
export type PlaybookView = {
/**
 * What an incident keeps of it.
 */
text: PlaybookText, title: string,
/**
 * When it is the right one.
 */
when: string,
/**
 * To those concerned; `{about}`, `{opened}` and `{count}` are to be filled in.
 */
message: string, };

export type Purge = {
/**
 * Label or id; the id alone for a key that is deleted already and may still hold secrets.
 */
key: string, what: PurgeWhat, step_up: StepUp | null, };

export type PurgeWhat = { "kind": "version", id: string, } | { "kind": "old-versions", } | { "kind": "key", };

export type Purged = {
/**
 * How many secrets were destroyed.
 */
secrets: number,
/**
 * The key as it is now; absent once all of it is gone.
 */
key: KeyView | null, };

/**
 * Text for a QR code: an otpauth URI holds a secret.
 */
export type QrText = { text: string, };

/**
 * Rows of `0` (light) and `1` (dark), without the quiet zone. They hold what the text holds.
 */
export type QrView = { rows: Array<string>, };

export type QueryPair = { name: string, value: string, };

/**
 * A new kit: a new recovery secret and ten new recovery codes; the old ones die.
 */
export type RecoveryKit = { path: string, step_up: StepUp, };

/**
 * Tries the secret on the printed kit without changing anything.
 */
export type RecoveryTest = { recovery_secret: string, };

export type RecoveryTested = { works: boolean, fingerprint: string, };

/**
 * What a face can offer as the one thing to do.
 */
export type RemedyAct = "edit-allowlist" | "edit-permissions" | "check" | "rotate" | "revoke" | "show" | "edit-consumers" | "backup" | "test-kit" | "auto-lock" | "update" | "review-vendor";

/**
 * Silences one due moment of a key for good; a new due date reminds again. Unlocked only.
 */
export type ReminderAck = { key: string, };

export type ReminderKind = "expiry" | "rotation" | "review" | "backup";

export type ReminderList = {
/**
 * Soonest first, as many as the frame holds.
 */
reminders: Array<ReminderView>, total: number, next_ms: number | null,
/**
 * The index could not be read, so only what needs no device secret is known.
 */
limited: boolean, };

/**
 * Works while locked. Never past the expiry.
 */
export type ReminderSnooze = {
/**
 * Id or label of a key or a vendor, a label only while unlocked; or `backups`.
 */
key: string, hours: number, };

/**
 * How the test notification fared.
 */
export type ReminderTested = { server: string, delivered: boolean, };

export type ReminderView = {
/**
 * Id of the key, the vendor or the vault; opaque while locked.
 */
id: string,
/**
 * Only while unlocked, or with names opted in.
 */
label: string | null, kind: ReminderKind, due: Due, snoozed_until_ms: number | null, acknowledged: boolean, };

export type ReportFormat = "markdown" | "csv" | "json";

export type ReportKind = "inventory" | "access-review";

/**
 * Writes a report over every key to this file, which must not be there.
 */
export type ReportWrite = { report: ReportKind, format: ReportFormat, path: string, };

export type ReportWritten = { path: string, lines: number, };

/**
 * What the signature does not tie can be exchanged by whoever has the request.
 */
export type RequestBinding = "whole" | "not-method" | "not-body" | "not-parameters" | "not-call";

/**
 * From harmless to what nobody has looked at.
 */
export type RequestClass = "read" | "cancel" | "trade" | "transfer" | "withdraw" | "account-admin" | "unknown";

/**
 * The vault is replaced by the backup, after it was opened and verified; the one at hand is
 * kept aside.
 */
export type RestoreBackup = {
/**
 * Folder of the backup.
 */
path: string, password: string, code: Code, };

export type Restored = { keys: number, epoch: number,
/**
 * Where the vault that was replaced is kept.
 */
kept_aside: string | null, };

/**
 * Fields in the clear: all of the current version if none are named.
 */
export type Reveal = { key: string, fields: Array<string>, version: string | null, step_up: StepUp | null, };

export type Revealed = { label: string, exchange: string, environment: Environment, fields: Array<FieldInput>, };

export type RevocationView = { id: string, label: string, exchange_name: string,
/**
 * `withdraw`, `trade` or `read`: its highest right.
 */
class: string, state: KeyState,
/**
 * Since when it is under way; none once the key is dead.
 */
since_ms: number | null, page: SitePage | null, };

export type Revocations = {
/**
 * What can withdraw first, then what trades; as many as the frame holds.
 */
keys: Array<RevocationView>, total: number, };

/**
 * A step of the revocation of keys: for all of them or for none.
 */
export type Revoke = {
/**
 * Labels or ids; none asks what is under way.
 */
keys: Array<string>, step: RevokeStep, };

export type RevokeStep = "begin" | "confirm" | "cancel";

/**
 * The same by the exchange's own word: it is asked with the staged secret. Nothing is recorded
 * unless it answers.
 */
export type RotateAsk = { key: string,
/**
 * Of rights that the exchange does not speak of; the same as the old one without it.
 */
rights: Permissions | null,
/**
 * That it may do more is meant.
 */
growth_meant: boolean,
/**
 * When the exchange ends it, where the exchange does not say so itself.
 */
expires_ms: number | null,
/**
 * As of a check of the secret in use.
 */
nonce: string | null,
/**
 * Where a test has put the exchange: the loopback, and nowhere else.
 */
loopback: LoopbackExchange | null, step_up: StepUp | null, };

/**
 * What came of it.
 */
export type RotateAsked = {
/**
 * Its `excess` is what the new secret may do beyond the old one.
 */
checked: Checked, rotation: RotationView, };

export type RotateCheck = { key: string,
/**
 * What the new secret may do; the same as the old one without it.
 */
rights: Permissions | null,
/**
 * That it may do more is meant.
 */
growth_meant: boolean,
/**
 * When the exchange ends it, where that is a date.
 */
expires_ms: number | null, };

/**
 * What is left to do; a key of which nothing is left is not on the list.
 */
export type RotateLeft = "rotate" | "end";

export type RotateListAsk = { contact: string, offset: number, };

/**
 * Writes a rotate list to a file that is not there yet.
 */
export type RotateListExport = { contact: string,
/**
 * Absolute; ends in `.csv` or `.ics`.
 */
path: string, };

/**
 * Every key of which somebody was given a secret that still works, worst first.
 */
export type RotateListPage = {
/**
 * As many as the frame holds; what is to be rotated before what is only to be ended.
 */
rows: Array<RotateRow>,
/**
 * Of all rows, those to be rotated.
 */
open: number, total: number, next: number | null, };

export type RotateRow = {
/**
 * Id of the key.
 */
key: string, label: string,
/**
 * Id of the exchange, for the page where its keys are ended; empty once the key was purged.
 */
exchange: string, exchange_name: string, account: string,
/**
 * `withdraw`, `trade` or `read`.
 */
class: string,
/**
 * It works from any address.
 */
unrestricted: boolean, owner: string | null,
/**
 * When it was first given to them.
 */
shared_ms: number, due_ms: number, left: RotateLeft, };

export type RotateStage = { key: string, fields: Array<FieldInput>, };

export type RotateSwitch = { key: string, who: SwitchWho, };

/**
 * After a suspected compromise. A new kit is written first.
 */
export type RotateVaultKey = { kit_path: string, step_up: StepUp, };

export type RotationStage = "idle" | "begun" | "staged" | "grown" | "switching" | "in-use" | "ending";

/**
 * Where the rotation of a key stands.
 */
export type RotationView = { id: string, label: string, exchange_name: string, stage: RotationStage,
/**
 * The version that is to be given up, and the one that takes its place.
 */
old: string | null, new: string | null,
/**
 * Consumers that have the new secret, and those that have not.
 */
switched: Array<string>, left: Array<string>,
/**
 * Rights the new secret has and the old one has not.
 */
grown: Array<Verb>,
/**
 * Since when the old one is being ended.
 */
ending_since_ms: number | null,
/**
 * Where at the exchange keys are made, and where they are ended.
 */
manage: SitePage | null, revoke: SitePage | null,
/**
 * One sentence: what comes next.
 */
next: string,
/**
 * What looked odd in a secret that was just recorded.
 */
warnings: Array<string>, };

/**
 * Where the device secret lives. Chosen in words, never fallen back to.
 */
export type SecretPlace = "keyring" | "file";

/**
 * A new version of the secret. The version before is kept as revoked until it is purged.
 */
export type SecretSet = { key: string, fields: Array<FieldInput>, };

/**
 * What an exchange said of a key.
 */
export type Seen = { permissions: Permissions,
/**
 * The exchange's own words.
 */
native: Array<string>,
/**
 * Those of them that nobody here knows: each may mean anything.
 */
unknown_words: Array<string>, allowlist: SeenAllowlist, expiry: SeenExpiry, created_ms: number | null, last_used_ms: number | null,
/**
 * What the key is called at the exchange.
 */
label: string | null,
/**
 * The exchange's word, where it has switched the key off.
 */
stopped: string | null,
/**
 * Sentences a person is to know beside the answer.
 */
notes: Array<string>, };

export type SeenAllowlist = { "kind": "listed", addresses: Array<string>, unread: number, } | { "kind": "restricted", } | { "kind": "unrestricted", } | { "kind": "unknown", };

export type SeenExpiry = { "kind": "at", at_ms: number, } | { "kind": "never", } | { "kind": "not-reported", };

/**
 * What works on this machine, each line with what to do about it.
 */
export type SelfTest = { checks: Array<SelfTestLine>, };

export type SelfTestLine = {
/**
 * `keyring`, `notifications`, `clipboard`, `lock-on-suspend`, `lock-on-screen-lock`,
 * `idle`, `core-dumps`, `memory-lock`.
 */
name: string, works: boolean, detail: string, };

/**
 * Fields of one or more keys for a command that is about to start.
 */
export type Serve = { keys: Array<string>,
/**
 * The command's name for the audit log, without its arguments.
 */
program: string, step_up: StepUp | null, };

export type Served = { keys: Array<Revealed>, };

export type Setting = {
/**
 * `auto-lock-minutes`, `clipboard-seconds`, `grace-minutes`, `lock-on-suspend`,
 * `lock-on-screen-lock`, `quiet-from`, `quiet-to`, `remind-at`, `lead-days`,
 * `names-in-notifications`, `backup-folder`, `backup-keep`.
 */
name: string, value: string, default: string,
/**
 * What it does and what it takes, in a sentence.
 */
help: string, };

export type SettingSet = { name: string, value: string,
/**
 * For `grace-minutes` alone, unless a grace is running.
 */
step_up?: StepUp | null, };

export type SettingsView = { settings: Array<Setting>, };

export type Severity = "critical" | "high" | "medium" | "low";

/**
 * Takes suspicious changes into the import, or out of it again.
 */
export type ShareAccept = { plan: string, ids: Array<string>, accept: boolean, };

export type ShareAccepted = { accepted: number, revision: number, };

export type ShareApplied = {
/**
 * Names the import for `share_undo`; none where nothing changed.
 */
batch: string | null, keys_added: number, keys_changed: number, conflicts: number,
/**
 * Suspicious changes that were left out.
 */
left_out: number, };

/**
 * Merges a plan: all of it that was chosen, or nothing. A backup is made first.
 */
export type ShareApply = { plan: string,
/**
 * Of what was shown; where more or less was accepted since, nothing is merged.
 */
revision: number, step_up: StepUp | null, };

/**
 * What is to be shared with whom.
 */
export type ShareAsk = {
/**
 * Contacts by name or id; empty only with `passphrase`.
 */
to: Array<string>,
/**
 * The role all of them have without it; never more than the role somebody has.
 */
role: ShareRole | null,
/**
 * The scope of the contacts, if all have the same, without it.
 */
scope: ShareScope | null,
/**
 * Also the values that were replaced.
 */
history: boolean,
/**
 * From when on it is not to be imported any more.
 */
expires_ms: number | null,
/**
 * Also under a generated passphrase, for a first contact; the only lock where `to` is
 * empty.
 */
passphrase: boolean, };

/**
 * What a share would give to whom, in short.
 */
export type ShareBrief = {
/**
 * Empty where only a passphrase opens it.
 */
to: Array<string>, role: ShareRole, scope_words: string, keys: number, secrets: number, };

export type ShareEvent = { bundle: string, at_ms: number, way: ShareWay,
/**
 * Names of those it went to, or of the one it came from.
 */
who: Array<string>, role: ShareRole, scope_words: string, seq: number, keys: number, secrets: number,
/**
 * Of an import that can be undone.
 */
batch: string | null, };

/**
 * A share in a file that one's own key opens; as with [`ContactFile`].
 */
export type ShareFile = { path: string, };

/**
 * The same of a share under a passphrase.
 */
export type ShareFileOpen = { path: string, passphrase: string, };

export type ShareGroup = "new" | "updated" | "unchanged" | "ours-newer" | "conflict" | "deleted-there" | "out-of-scope" | "suspicious";

export type ShareGroupCount = { group: ShareGroup, changes: number, };

export type ShareHistory = {
/**
 * Newest first, as many as the frame holds.
 */
shares: Array<ShareEvent>, total: number, next: number | null, };

export type ShareHistoryAsk = { offset: number, };

export type ShareKeyRow = { id: string, label: string, exchange_name: string, account: string, class: string,
/**
 * Versions of its secret that go along.
 */
secrets: number, };

export type ShareMade = { bundle: string, seq: number, bytes: number, keys: number, secrets: number,
/**
 * To be told by another way than the file goes; shown this once.
 */
passphrase: string | null, };

/**
 * Makes the share and writes it to the file whose descriptor is passed beside the frame.
 */
export type ShareMake = { share: ShareAsk,
/**
 * Of the preview that was agreed to; what is something else by now is not made.
 */
agreed: string, step_up: StepUp | null, };

/**
 * Opens a share, passed as a descriptor beside the frame, and compares it with the vault.
 * Nothing is changed.
 */
export type ShareOpen = { passphrase: string | null, };

export type ShareOpened = {
/**
 * Names the plan for the other commands, on this connection, for ten minutes.
 */
plan: string, sender: ShareSender, bundle: string,
/**
 * `share`, `invite` or `reply`.
 */
kind: string, seq: number, created_ms: number, expires_ms: number | null,
/**
 * The role it was made for.
 */
role: ShareRole, scope_words: string, groups: Array<ShareGroupCount>,
/**
 * Suspicious changes, and how many of them were accepted so far.
 */
suspicious: number, accepted: number,
/**
 * Of what was accepted, for `share_apply`; another number after every choice.
 */
revision: number,
/**
 * It would change nothing.
 */
nothing_new: boolean, notes: Array<string>, };

export type SharePreview = { role: ShareRole, scope_words: string, recipients: Array<ShareRecipient>,
/**
 * Withdraw first; class by class.
 */
classes: Array<ClassGiven>,
/**
 * As many as the frame holds.
 */
keys: Array<ShareKeyRow>, total: number, next: number | null,
/**
 * Sentences to read before a yes.
 */
notes: Array<string>,
/**
 * All of it in one word, for `share_make`; another one once anything of it is different.
 */
agreed: string, };

/**
 * Who would get what; nothing is made.
 */
export type SharePreviewAsk = { share: ShareAsk, offset: number, };

export type ShareRecipient = { id: string, name: string, fingerprint: string, state: ContactState, };

/**
 * Which secrets somebody is given, and what their shares may change here.
 */
export type ShareRole = "auditor" | "viewer" | "trader" | "admin";

/**
 * One change of one register.
 */
export type ShareRow = {
/**
 * For `share_accept`; rows of one id make sense only together and are taken together.
 */
id: string,
/**
 * Id of the key, or of another entry.
 */
entry: string, label: string,
/**
 * What is changed, such as `allowlist`; `secret` for a secret.
 */
what: string, group: ShareGroup,
/**
 * None for a secret, and where there is nothing.
 */
ours: string | null, theirs: string | null,
/**
 * Why it is suspicious, a sentence each.
 */
reasons: Array<string>,
/**
 * Suspicious, and can be accepted: what no honest device makes cannot.
 */
acceptable: boolean, accepted: boolean, };

export type ShareRows = { rows: Array<ShareRow>, total: number, next: number | null, revision: number, };

export type ShareRowsAsk = { plan: string,
/**
 * All groups without it.
 */
group: ShareGroup | null, offset: number, };

/**
 * Which keys are meant.
 */
export type ShareScope = {
/**
 * Everything; the three lists are empty then.
 */
all: boolean, tags: Array<string>,
/**
 * Labels of exchange accounts.
 */
accounts: Array<string>,
/**
 * Single keys, by label or id.
 */
keys: Array<string>, };

export type ShareSender = {
/**
 * None where the sender is nobody known: a first contact under a passphrase.
 */
contact: ContactView | null,
/**
 * As the share says it.
 */
name: string, fingerprint: string, card: string, };

export type ShareUndo = {
/**
 * The latest import without it.
 */
batch: string | null, };

export type ShareUndone = {
/**
 * Registers that have again the value from before.
 */
restored: number,
/**
 * Keys that came with the import and are gone again.
 */
removed: number,
/**
 * Changes others were built on since; they stay.
 */
kept: number, };

export type ShareWay = "made" | "imported";

/**
 * Makes a share in this file, which must not be there.
 */
export type ShareWrite = { share: ShareAsk, agreed: string, path: string, step_up: StepUp, };

/**
 * What the shell tells the main window, as the detail of the page's event `strongroom`.
 */
export type ShellEvent = { "kind": "finished", task: Task, outcome: Outcome, } | { "kind": "arrived", arrival: Arrival, } | { "kind": "look-changed", look: LookView, };

/**
 * A request as its parts, before anything of the exchange's own is added to it.
 */
export type Sign = {
/**
 * Label or id of the key; it says the exchange and the environment.
 */
key: string,
/**
 * Another of the exchange's hosts, such as that of a region.
 */
host: string | null,
/**
 * `GET`, `POST`, `PUT`, `DELETE` or `PATCH`.
 */
method: string,
/**
 * From the host on, without the query; nothing encoded.
 */
path: string,
/**
 * Plain names and values in the order in which they are sent.
 */
query: Array<QueryPair>, body: string | null,
/**
 * UTC milliseconds; now without it.
 */
timestamp_ms: number | null,
/**
 * In the exchange's own form; the vault's next one without it.
 */
nonce: string | null, receive_window_ms: number | null, step_up: StepUp | null, };

export type SignedHeader = { name: string, value: string, };

/**
 * A request that is to be sent exactly as it is. Its signature is good for whoever has it,
 * until it runs out.
 */
export type SignedRequest = { exchange: string, environment: Environment, method: string, url: string,
/**
 * In the order in which they are sent.
 */
headers: Array<SignedHeader>, body: string | null,
/**
 * What it does, told from the bytes that were signed.
 */
class: RequestClass, binding: RequestBinding,
/**
 * Fields of the key whose value stands in it as it is.
 */
carries: Array<string>, };

export type SitePage = {
/**
 * https, from the catalogue.
 */
url: string,
/**
 * Where to go from there, in the words of its menus.
 */
then: string | null, };

/**
 * Whether somebody decided to live with it; it stays visible either way.
 */
export type Standing = { "kind": "open", } | { "kind": "accepted", reason: string, until_ms: number, } | { "kind": "lapsed", reason: string, until_ms: number, };

export type StatusView = { state: VaultState, vault: string, agent_version: string, agent_pid: number,
/**
 * Where the device secret is looked for and whether it answers.
 */
place: SecretPlace | null, device_secret: DeviceSecretState, keys: number | null,
/**
 * Keys due within 30 days; known while locked too if the device secret is there.
 */
due: number | null, overdue: number | null, next_reminder_ms: number | null, auto_lock_at_ms: number | null, grace_until_ms: number | null,
/**
 * Milliseconds until the next try is taken.
 */
throttled_ms: number | null,
/**
 * Full verification: `None` while locked or still running.
 */
verified: boolean | null, alarm: string | null, last_backup_ms: number | null, kit_tested_ms: number | null, };

export type StepOutcome = "ruled-out" | "likely" | "cannot-tell";

/**
 * Proof of presence for one critical act. The password is asked only where the command says
 * so.
 */
export type StepUp = { code: Code, password?: string | null, };

/**
 * A step-up whose grace lasts on this connection (0–10 minutes, a setting). The command line
 * has none.
 */
export type StepUpGrace = { step_up: StepUp, };

export type SwitchWho = { "kind": "consumers", names: Array<string>, } | { "kind": "all", } | { "kind": "back", };

/**
 * What a small window was opened for. Secrets never stand in it.
 */
export type Task = { "kind": "add-key", draft: KeyDraft, } | { "kind": "replace-secret", key: string, label: string, exchange: string, } | { "kind": "stage-secret", key: string, label: string, exchange: string, } | { "kind": "change-password", } | { "kind": "test-kit", } | { "kind": "open-import", file: ImportFile, } | { "kind": "open-share", path: string, } | { "kind": "step-up", act: Act, } | { "kind": "reveal", key: string, label: string, version: string | null, } | { "kind": "create", } | { "kind": "reset-totp", };

export type Theme = "system" | "light" | "dark";

export type TotpResetBegin = {
/**
 * A code of the lost authenticator's, or a recovery code, and the password.
 */
step_up: StepUp, };

export type TotpResetBegun = { otpauth: string, seed: string, };

export type TotpResetConfirm = {
/**
 * A code of the new authenticator.
 */
code: string, };

/**
 * Unknown is never shown, counted or treated as no.
 */
export type Tri = "yes" | "no" | "unknown";

export type Unlock = { password: string, code: Code, };

/**
 * Opening on a machine that has no device secret of this vault: password, kit and a code.
 */
export type UnlockNewDevice = { password: string,
/**
 * The recovery secret as it stands on the kit; blanks and dashes do not matter.
 */
recovery_secret: string, code: Code, place: SecretPlace, device_name: string, };

export type Unlocked = { vault_id: string, keys: number,
/**
 * Wrong tries since the last unlock.
 */
failed_tries: number,
/**
 * A recovery code was spent; this many are left.
 */
recovery_codes_left: number,
/**
 * The vault is older than the last state seen here: read-only until acknowledged.
 */
rollback_alarm: string | null,
/**
 * Sentences worth showing once: stale backup, kit never tested, snoozes merged …
 */
notes: Array<string>, };

export type VaultKeyRotated = { key_generation: number,
/**
 * Other devices, which enrol again with the new kit.
 */
devices_dropped: number,
/**
 * A backup under the new key was made and verified. If not, the old half stays until one
 * is.
 */
backed_up: boolean, kit: KitView, };

export type VaultState = "absent" | "locked" | "unlocked" | "read-only";

export type VendorAnswer = { question: string, answer: Tri, evidence: string | null, };

export type VendorList = {
/**
 * By name, as many as the frame holds.
 */
vendors: Array<VendorView>, total: number, };

export type VendorSet = { name: string, breach: Breach | null, review_ms: number | null, notes: string | null, answers: Array<VendorAnswer>, };

export type VendorView = { id: string, name: string, breached_ms: number | null,
/**
 * When it is to be looked at again.
 */
review_ms: number | null,
/**
 * Every question in its order, answered or not.
 */
checklist: Array<CheckedView>,
/**
 * Questions answered with yes.
 */
good: number, consumers: Array<string>,
/**
 * Keys its consumers hold.
 */
keys: number, notes: string | null, };

/**
 * What a key may do, in the fixed order of the permission strip.
 */
export type Verb = "read" | "spot" | "margin" | "derivatives" | "transfer" | "withdraw" | "sub-accounts" | "key-admin";

export type VersionState = "staged" | "active" | "draining" | "revoked";

export type VersionView = { id: string, state: VersionState, made_ms: number, purged: boolean, fields: Array<FieldView>, };

export type Written = { path: string, bytes: number, };

/** Every code, so that a test can show that each has words. */
export const ERROR_CODES: readonly ErrorCode[] = [
  "invalid",
  "no-vault",
  "vault-exists",
  "locked",
  "wrong-credentials",
  "throttled",
  "step-up-required",
  "code-replayed",
  "clock-moved-back",
  "no-device-secret",
  "no-keyring",
  "rollback-alarm",
  "corrupt",
  "newer-format",
  "protocol-mismatch",
  "not-found",
  "ambiguous",
  "refused",
  "disk-full",
  "read-only",
  "busy",
  "verifying",
  "no-agent",
  "no-desktop",
  "internal",
];

/** What each command takes and gives. */
export interface Commands {
  status: { request: Nothing; reply: StatusView };
  create_begin: { request: CreateBegin; reply: CreateBegun };
  create_confirm: { request: CreateConfirm; reply: CreateConfirmed };
  unlock: { request: Unlock; reply: Unlocked };
  unlock_new_device: { request: UnlockNewDevice; reply: Unlocked };
  lock: { request: Nothing; reply: Done };
  step_up: { request: StepUpGrace; reply: Grace };
  step_up_end: { request: Nothing; reply: Done };
  acknowledge_alarm: { request: AcknowledgeAlarm; reply: Done };
  list: { request: KeyList; reply: KeyPage };
  facets: { request: Nothing; reply: Facets };
  exchange_list: { request: Nothing; reply: ExchangeList };
  show: { request: KeySelector; reply: KeyView };
  history: { request: KeySelector; reply: HistoryView };
  add: { request: KeyAdd; reply: KeyAdded };
  edit: { request: KeyEdit; reply: KeyView };
  secret_set: { request: SecretSet; reply: KeyView };
  copy: { request: Copy; reply: Copied };
  copy_clear: { request: Nothing; reply: Done };
  reveal: { request: Reveal; reply: Revealed };
  serve: { request: Serve; reply: Served };
  purge: { request: Purge; reply: Purged };
  sign: { request: Sign; reply: SignedRequest };
  check_plan: { request: KeySelector; reply: CheckPlan };
  check: { request: Check; reply: Checked };
  check_elsewhere: { request: CheckElsewhere; reply: Copied };
  check_schedule: { request: CheckSchedule; reply: KeyView };
  doctor: { request: Doctor; reply: Diagnosis };
  rotate_status: { request: KeySelector; reply: RotationView };
  rotate_start: { request: KeySelector; reply: RotationView };
  rotate_stage: { request: RotateStage; reply: RotationView };
  rotate_check: { request: RotateCheck; reply: RotationView };
  rotate_ask_plan: { request: KeySelector; reply: CheckPlan };
  rotate_ask: { request: RotateAsk; reply: RotateAsked };
  rotate_switch: { request: RotateSwitch; reply: RotationView };
  rotate_revoke: { request: KeySelector; reply: RotationView };
  rotate_confirm: { request: KeySelector; reply: RotationView };
  rotate_abort: { request: KeySelector; reply: RotationView };
  revoke: { request: Revoke; reply: Revocations };
  consumers: { request: Nothing; reply: ConsumerList };
  consumer_set: { request: ConsumerSet; reply: Done };
  vendors: { request: Nothing; reply: VendorList };
  vendor_set: { request: VendorSet; reply: Done };
  keys_of: { request: HeldAsk; reply: HeldKeys };
  incident_open: { request: IncidentOpen; reply: IncidentView };
  incident_show: { request: IncidentSelect; reply: IncidentView };
  incident_list: { request: Nothing; reply: IncidentList };
  incident_contain: { request: IncidentSelect; reply: IncidentView };
  incident_note: { request: IncidentNote; reply: Done };
  incident_close: { request: IncidentClose; reply: Done };
  incident_timeline: { request: IncidentPage; reply: IncidentTimeline };
  health: { request: HealthAsk; reply: HealthView };
  health_accept: { request: FindingAccept; reply: Done };
  health_unaccept: { request: FindingUnaccept; reply: Done };
  import_preview: { request: ImportPreview; reply: ImportPlanView };
  import_page: { request: ImportPage; reply: ImportPlanView };
  import_apply: { request: ImportApply; reply: ImportApplied };
  import_keys: { request: ImportKeys; reply: ImportedPage };
  import_undo: { request: ImportUndo; reply: ImportUndone };
  own_card: { request: Nothing; reply: OwnCardView };
  own_card_set: { request: OwnCardSet; reply: OwnCard };
  contact_list: { request: ContactPage; reply: ContactList };
  contact_add: { request: ContactAdd; reply: ContactAdded };
  contact_new_key: { request: ContactNewKey; reply: ContactView };
  contact_verify: { request: ContactVerify; reply: ContactView };
  contact_set: { request: ContactSet; reply: ContactView };
  contact_remove: { request: ContactSelect; reply: Done };
  share_preview: { request: SharePreviewAsk; reply: SharePreview };
  share_make: { request: ShareMake; reply: ShareMade };
  share_open: { request: ShareOpen; reply: ShareOpened };
  share_rows: { request: ShareRowsAsk; reply: ShareRows };
  share_accept: { request: ShareAccept; reply: ShareAccepted };
  share_apply: { request: ShareApply; reply: ShareApplied };
  share_undo: { request: ShareUndo; reply: ShareUndone };
  share_history: { request: ShareHistoryAsk; reply: ShareHistory };
  conflict_list: { request: ConflictPage; reply: ConflictList };
  conflict_resolve: { request: ConflictResolve; reply: ConflictsResolved };
  offboard: { request: Offboard; reply: Offboarded };
  rotate_list: { request: RotateListAsk; reply: RotateListPage };
  rotate_list_export: { request: RotateListExport; reply: Written };
  export_plan: { request: ExportAsk; reply: ExportPlan };
  export: { request: Export; reply: ExportDone };
  reminder_list: { request: Nothing; reply: ReminderList };
  reminder_snooze: { request: ReminderSnooze; reply: Done };
  reminder_ack: { request: ReminderAck; reply: Done };
  reminder_test: { request: Nothing; reply: ReminderTested };
  calendar: { request: CalendarAsk; reply: CalendarView };
  calendar_export: { request: CalendarExport; reply: CalendarWritten };
  account_password: { request: AccountPassword; reply: AccountKeys };
  audit_list: { request: AuditList; reply: AuditPage };
  audit_verify: { request: Nothing; reply: AuditVerified };
  audit_export: { request: AuditExport; reply: Written };
  backup: { request: BackupNow; reply: BackupDone };
  backup_list: { request: Nothing; reply: BackupList };
  restore_backup: { request: RestoreBackup; reply: Restored };
  recovery_kit: { request: RecoveryKit; reply: KitView };
  recovery_test: { request: RecoveryTest; reply: RecoveryTested };
  password_change: { request: PasswordChange; reply: PasswordChanged };
  totp_reset_begin: { request: TotpResetBegin; reply: TotpResetBegun };
  totp_reset_confirm: { request: TotpResetConfirm; reply: Done };
  rotate_vault_key: { request: RotateVaultKey; reply: VaultKeyRotated };
  device_list: { request: Nothing; reply: DeviceList };
  device_remove: { request: DeviceRemove; reply: Done };
  settings: { request: Nothing; reply: SettingsView };
  setting_set: { request: SettingSet; reply: SettingsView };
  self_test: { request: Nothing; reply: SelfTest };

  // Of the shell itself.
  open_window: { request: OpenWindow; reply: Done };
  copy_field: { request: CopyField; reply: CopyStarted };
  ask_exchange: { request: AskExchange; reply: AskStarted };
  ask_with_code: { request: AskWithCode; reply: Checked };
  task: { request: Nothing; reply: Task };
  finish: { request: Finish; reply: Done };
  arrival: { request: Nothing; reply: Arrival };
  choose_path: { request: ChoosePath; reply: ChosenPath };
  import_file: { request: ImportFile; reply: ImportPlanView };
  import_file_open: { request: ImportFileOpen; reply: ImportPlanView };
  card_qr: { request: Nothing; reply: CardQr };
  card_write: { request: CardWrite; reply: Written };
  contact_file: { request: ContactFile; reply: ContactAdded };
  share_file: { request: ShareFile; reply: ShareOpened };
  share_file_open: { request: ShareFileOpen; reply: ShareOpened };
  share_write: { request: ShareWrite; reply: ShareMade };
  export_write: { request: ExportWrite; reply: ExportDone };
  page_open: { request: PageOpen; reply: Done };
  playbooks: { request: Nothing; reply: PlaybookList };
  evidence_write: { request: EvidenceWrite; reply: EvidenceWritten };
  report_write: { request: ReportWrite; reply: ReportWritten };
  qr: { request: QrText; reply: QrView };
  look: { request: Nothing; reply: LookView };
  look_set: { request: LookSet; reply: LookView };
  login_start: { request: Nothing; reply: LoginStart };
  login_start_set: { request: LoginStart; reply: LoginStart };
}

/** The windows that may call each command; the shell's permissions say the same. */
export const WINDOWS = {
  status: ["main", "unlock", "setup", "step-up"],
  create_begin: ["setup"],
  create_confirm: ["setup"],
  unlock: ["unlock"],
  unlock_new_device: ["unlock"],
  lock: ["main"],
  step_up: ["step-up"],
  step_up_end: ["main", "step-up"],
  acknowledge_alarm: ["step-up"],
  list: ["main"],
  facets: ["main"],
  exchange_list: ["main", "secret"],
  show: ["main"],
  history: ["main"],
  add: ["secret"],
  edit: ["main"],
  secret_set: ["secret"],
  copy: ["step-up"],
  copy_clear: ["main"],
  reveal: ["reveal"],
  serve: [],
  purge: ["step-up"],
  sign: [],
  check_plan: ["main"],
  check: [],
  check_elsewhere: ["step-up"],
  check_schedule: ["main", "step-up"],
  doctor: ["main"],
  rotate_status: ["main"],
  rotate_start: ["main"],
  rotate_stage: ["secret"],
  rotate_check: ["main"],
  rotate_ask_plan: [],
  rotate_ask: [],
  rotate_switch: ["main"],
  rotate_revoke: ["main"],
  rotate_confirm: ["main"],
  rotate_abort: ["main"],
  revoke: ["main"],
  consumers: ["main"],
  consumer_set: ["main"],
  vendors: ["main"],
  vendor_set: ["main"],
  keys_of: ["main"],
  incident_open: ["main"],
  incident_show: ["main"],
  incident_list: ["main"],
  incident_contain: ["main"],
  incident_note: ["main"],
  incident_close: ["main"],
  incident_timeline: ["main"],
  health: ["main"],
  health_accept: ["main"],
  health_unaccept: ["main"],
  import_preview: [],
  import_page: ["main"],
  import_apply: ["main"],
  import_keys: ["main"],
  import_undo: ["main"],
  own_card: ["main"],
  own_card_set: ["main"],
  contact_list: ["main"],
  contact_add: ["main"],
  contact_new_key: ["step-up"],
  contact_verify: ["main"],
  contact_set: ["main", "step-up"],
  contact_remove: ["main"],
  share_preview: ["main"],
  share_make: [],
  share_open: [],
  share_rows: ["main"],
  share_accept: ["main"],
  share_apply: ["step-up"],
  share_undo: ["main"],
  share_history: ["main"],
  conflict_list: ["main"],
  conflict_resolve: ["main"],
  offboard: ["step-up"],
  rotate_list: ["main"],
  rotate_list_export: ["main"],
  export_plan: ["main", "step-up"],
  export: [],
  reminder_list: ["main"],
  reminder_snooze: ["main"],
  reminder_ack: ["main"],
  reminder_test: ["main"],
  calendar: ["main"],
  calendar_export: ["main"],
  account_password: [],
  audit_list: ["main"],
  audit_verify: ["main"],
  audit_export: ["main"],
  backup: ["main"],
  backup_list: ["main"],
  restore_backup: ["unlock", "setup", "step-up"],
  recovery_kit: ["step-up"],
  recovery_test: ["setup", "secret"],
  password_change: ["secret"],
  totp_reset_begin: ["setup"],
  totp_reset_confirm: ["setup"],
  rotate_vault_key: ["step-up"],
  device_list: ["main"],
  device_remove: ["step-up"],
  settings: ["main"],
  setting_set: ["main", "step-up"],
  self_test: ["main"],
  open_window: ["main"],
  copy_field: ["main"],
  ask_exchange: ["main"],
  ask_with_code: ["step-up"],
  task: ["setup", "secret", "step-up", "reveal"],
  finish: ["setup", "secret", "step-up", "reveal"],
  arrival: ["main"],
  choose_path: ["main", "unlock", "setup"],
  import_file: ["main"],
  import_file_open: ["secret"],
  card_qr: ["main"],
  card_write: ["main"],
  contact_file: ["main"],
  share_file: ["main"],
  share_file_open: ["secret"],
  share_write: ["step-up"],
  export_write: ["step-up"],
  page_open: ["main"],
  playbooks: ["main"],
  evidence_write: ["main"],
  report_write: ["main"],
  qr: ["setup"],
  look: ["main", "unlock", "setup", "secret", "step-up", "reveal"],
  look_set: ["main"],
  login_start: ["main", "setup"],
  login_start_set: ["main", "setup"],
} as const;

/** Commands whose reply comes as bytes, because it holds a secret. */
export const RAW_REPLIES: readonly string[] = ["create_begin", "qr", "reveal", "share_write", "totp_reset_begin"];
