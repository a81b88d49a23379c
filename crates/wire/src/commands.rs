//! The one list of commands.

use crate::*;

/// Windows of the desktop, each with the commands it may call. A small window that handles a
/// secret is a window of its own, so that the main one never has such a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    Main,
    Unlock,
    /// Creation and enrolment.
    Setup,
    /// Typing a secret.
    Secret,
    StepUp,
    Reveal,
}

impl Window {
    /// The window's name in the desktop shell and in its permission files.
    pub fn label(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Unlock => "unlock",
            Self::Setup => "setup",
            Self::Secret => "secret",
            Self::StepUp => "step-up",
            Self::Reveal => "reveal",
        }
    }
}

/// Calls `$callback!` with every command: `name(Request) -> Reply, Windows…;`
///
/// The agent's router, the Tauri commands, their ACL list and the TypeScript client are all
/// expansions of it: a command without a handler does not compile. `hello` and `stop` are not in
/// the list, because they never change across versions (see [`Hello`]).
#[macro_export]
macro_rules! for_each_command {
    ($callback:ident) => {
        $callback! {
            // Session.
            status(Nothing) -> StatusView, [Main, Unlock, Setup, StepUp];
            create_begin(CreateBegin) -> CreateBegun, [Setup];
            create_confirm(CreateConfirm) -> CreateConfirmed, [Setup];
            unlock(Unlock) -> Unlocked, [Unlock];
            unlock_new_device(UnlockNewDevice) -> Unlocked, [Unlock];
            lock(Nothing) -> Done, [Main];
            step_up(StepUpGrace) -> Grace, [StepUp];
            step_up_end(Nothing) -> Done, [Main, StepUp];
            acknowledge_alarm(AcknowledgeAlarm) -> Done, [StepUp];
            // Keys.
            list(KeyList) -> KeyPage, [Main];
            facets(Nothing) -> Facets, [Main];
            exchange_list(Nothing) -> ExchangeList, [Main, Secret];
            show(KeySelector) -> KeyView, [Main];
            history(KeySelector) -> HistoryView, [Main];
            add(KeyAdd) -> KeyAdded, [Secret];
            edit(KeyEdit) -> KeyView, [Main];
            secret_set(SecretSet) -> KeyView, [Secret];
            copy(Copy) -> Copied, [StepUp];
            copy_clear(Nothing) -> Done, [Main];
            reveal(Reveal) -> Revealed, [Reveal];
            serve(Serve) -> Served, [];
            purge(Purge) -> Purged, [StepUp];
            // Exchanges.
            sign(Sign) -> SignedRequest, [];
            check_plan(KeySelector) -> CheckPlan, [Main];
            check(Check) -> Checked, [];
            check_elsewhere(CheckElsewhere) -> Copied, [StepUp];
            check_schedule(CheckSchedule) -> KeyView, [Main, StepUp];
            doctor(Doctor) -> Diagnosis, [Main];
            // Lifecycle.
            rotate_status(KeySelector) -> RotationView, [Main];
            rotate_start(KeySelector) -> RotationView, [Main];
            rotate_stage(RotateStage) -> RotationView, [Secret];
            rotate_check(RotateCheck) -> RotationView, [Main];
            rotate_ask_plan(KeySelector) -> CheckPlan, [];
            rotate_ask(RotateAsk) -> RotateAsked, [];
            rotate_switch(RotateSwitch) -> RotationView, [Main];
            rotate_revoke(KeySelector) -> RotationView, [Main];
            rotate_confirm(KeySelector) -> RotationView, [Main];
            rotate_abort(KeySelector) -> RotationView, [Main];
            revoke(Revoke) -> Revocations, [Main];
            // Holders.
            consumers(Nothing) -> ConsumerList, [Main];
            consumer_set(ConsumerSet) -> Done, [Main];
            vendors(Nothing) -> VendorList, [Main];
            vendor_set(VendorSet) -> Done, [Main];
            keys_of(HeldAsk) -> HeldKeys, [Main];
            // Incidents.
            incident_open(IncidentOpen) -> IncidentView, [Main];
            incident_show(IncidentSelect) -> IncidentView, [Main];
            incident_list(Nothing) -> IncidentList, [Main];
            incident_contain(IncidentSelect) -> IncidentView, [Main];
            incident_note(IncidentNote) -> Done, [Main];
            incident_close(IncidentClose) -> Done, [Main];
            incident_timeline(IncidentPage) -> IncidentTimeline, [Main];
            // Health.
            health(HealthAsk) -> HealthView, [Main];
            health_accept(FindingAccept) -> Done, [Main];
            health_unaccept(FindingUnaccept) -> Done, [Main];
            // Import.
            import_preview(ImportPreview) -> ImportPlanView, [];
            import_page(ImportPage) -> ImportPlanView, [Main];
            import_apply(ImportApply) -> ImportApplied, [Main];
            import_keys(ImportKeys) -> ImportedPage, [Main];
            import_undo(ImportUndo) -> ImportUndone, [Main];
            // Sharing.
            own_card(Nothing) -> OwnCardView, [Main];
            own_card_set(OwnCardSet) -> OwnCard, [Main];
            contact_list(ContactPage) -> ContactList, [Main];
            contact_add(ContactAdd) -> ContactAdded, [Main];
            contact_new_key(ContactNewKey) -> ContactView, [StepUp];
            contact_verify(ContactVerify) -> ContactView, [Main];
            contact_set(ContactSet) -> ContactView, [Main, StepUp];
            contact_remove(ContactSelect) -> Done, [Main];
            share_preview(SharePreviewAsk) -> SharePreview, [Main];
            share_make(ShareMake) -> ShareMade, [];
            share_open(ShareOpen) -> ShareOpened, [];
            share_rows(ShareRowsAsk) -> ShareRows, [Main];
            share_accept(ShareAccept) -> ShareAccepted, [Main];
            share_apply(ShareApply) -> ShareApplied, [StepUp];
            share_undo(ShareUndo) -> ShareUndone, [Main];
            share_history(ShareHistoryAsk) -> ShareHistory, [Main];
            conflict_list(ConflictPage) -> ConflictList, [Main];
            conflict_resolve(ConflictResolve) -> ConflictsResolved, [Main];
            offboard(Offboard) -> Offboarded, [StepUp];
            rotate_list(RotateListAsk) -> RotateListPage, [Main];
            rotate_list_export(RotateListExport) -> Written, [Main];
            // Export.
            export_plan(ExportAsk) -> ExportPlan, [Main, StepUp];
            export(Export) -> ExportDone, [];
            // Reminders.
            reminder_list(Nothing) -> ReminderList, [Main];
            reminder_snooze(ReminderSnooze) -> Done, [Main];
            reminder_ack(ReminderAck) -> Done, [Main];
            reminder_test(Nothing) -> ReminderTested, [Main];
            calendar(CalendarAsk) -> CalendarView, [Main];
            calendar_export(CalendarExport) -> CalendarWritten, [Main];
            account_password(AccountPassword) -> AccountKeys, [];
            // Upkeep.
            audit_list(AuditList) -> AuditPage, [Main];
            audit_verify(Nothing) -> AuditVerified, [Main];
            audit_export(AuditExport) -> Written, [Main];
            backup(BackupNow) -> BackupDone, [Main];
            backup_list(Nothing) -> BackupList, [Main];
            restore_backup(RestoreBackup) -> Restored, [Unlock, Setup, StepUp];
            recovery_kit(RecoveryKit) -> KitView, [StepUp];
            recovery_test(RecoveryTest) -> RecoveryTested, [Setup, Secret];
            password_change(PasswordChange) -> PasswordChanged, [Secret];
            totp_reset_begin(TotpResetBegin) -> TotpResetBegun, [Setup];
            totp_reset_confirm(TotpResetConfirm) -> Done, [Setup];
            rotate_vault_key(RotateVaultKey) -> VaultKeyRotated, [StepUp];
            device_list(Nothing) -> DeviceList, [Main];
            device_remove(DeviceRemove) -> Done, [StepUp];
            settings(Nothing) -> SettingsView, [Main];
            setting_set(SettingSet) -> SettingsView, [Main, StepUp];
            self_test(Nothing) -> SelfTest, [Main];
        }
    };
}

/// A command as a type, so that a call's request and reply belong together at compile time.
pub trait Command {
    /// Name on the wire.
    const NAME: &'static str;
    /// Windows that may call it; empty for the command line alone.
    const WINDOWS: &'static [Window];
    type Request: serde::Serialize + serde::de::DeserializeOwned;
    type Reply: serde::Serialize + serde::de::DeserializeOwned;
}

macro_rules! command_types {
    ($(#[$doc:meta])* $module:ident, $(#[$list_doc:meta])* $list:ident;
        $($name:ident($request:ident) -> $reply:ident, [$($window:ident),*];)*) => {
        $(#[$doc])*
        #[expect(non_camel_case_types, reason = "the type of a command is named as on the wire")]
        pub mod $module {
            $(#[derive(Debug, Clone, Copy)] pub struct $name;
            impl super::Command for $name {
                const NAME: &'static str = stringify!($name);
                const WINDOWS: &'static [super::Window] = &[$(super::Window::$window),*];
                type Request = super::$request;
                type Reply = super::$reply;
            })*
        }

        $(#[$list_doc])*
        pub const $list: &[(&str, &[Window])] =
            &[$((stringify!($name), &[$(Window::$window),*])),*];
    };
}

macro_rules! agent_command_types {
    ($($all:tt)*) => { command_types! {
        /// One unit type a command, implementing [`Command`].
        command,
        /// Every command's name and windows, in the order of the list.
        COMMANDS; $($all)*
    } };
}
for_each_command!(agent_command_types);

macro_rules! shell_command_types {
    ($($all:tt)*) => { command_types! {
        /// One unit type a command of the desktop's shell.
        shell_command,
        /// The shell's own commands, which the agent never sees.
        SHELL_COMMANDS; $($all)*
    } };
}
crate::for_each_shell_command!(shell_command_types);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_the_main_window_takes_and_gives_no_secret() {
        let all = || COMMANDS.iter().chain(SHELL_COMMANDS);
        let mut names: Vec<_> = all().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all().count());
        let secret = [
            "add",
            "copy",
            "create_begin",
            "create_confirm",
            "export",
            "export_write",
            "import_file_open",
            "secret_set",
            "password_change",
            "qr",
            "recovery_kit",
            "recovery_test",
            "restore_backup",
            "reveal",
            "rotate_stage",
            "rotate_vault_key",
            "serve",
            "share_file_open",
            "share_make",
            "share_open",
            "share_write",
            "sign",
            "step_up",
            "totp_reset_begin",
            "totp_reset_confirm",
            "unlock",
        ];
        for (name, windows) in all() {
            assert!(
                !(secret.contains(name) && windows.contains(&Window::Main)),
                "{name} takes or gives a secret and must not be a command of the main window"
            );
        }
    }
}
