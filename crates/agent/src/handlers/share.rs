//! Sharing: handlers that are not there yet.

use strongroom_wire as wire;
use strongroom_wire::{ErrorCode, Fault};

use crate::agent::Agent;
use crate::router::Call;

macro_rules! not_yet {
    ($($name:ident($request:ident) -> $reply:ident;)*) => {
        $(pub(crate) fn $name(_: &Agent, _: Call<'_>, _: wire::$request)
            -> Result<wire::$reply, Fault>
        {
            Err(Fault::new(ErrorCode::Refused, "sharing is not there yet in this version"))
        })*
    };
}
not_yet! {
    own_card(Nothing) -> OwnCardView;
    own_card_set(OwnCardSet) -> OwnCard;
    contact_list(ContactPage) -> ContactList;
    contact_add(ContactAdd) -> ContactAdded;
    contact_new_key(ContactNewKey) -> ContactView;
    contact_verify(ContactVerify) -> ContactView;
    contact_set(ContactSet) -> ContactView;
    contact_remove(ContactSelect) -> Done;
    share_preview(SharePreviewAsk) -> SharePreview;
    share_make(ShareMake) -> ShareMade;
    share_open(ShareOpen) -> ShareOpened;
    share_rows(ShareRowsAsk) -> ShareRows;
    share_accept(ShareAccept) -> ShareAccepted;
    share_apply(ShareApply) -> ShareApplied;
    share_undo(ShareUndo) -> ShareUndone;
    share_history(ShareHistoryAsk) -> ShareHistory;
    conflict_list(ConflictPage) -> ConflictList;
    conflict_resolve(ConflictResolve) -> ConflictsResolved;
    offboard(Offboard) -> Offboarded;
    rotate_list(RotateListAsk) -> RotateListPage;
    rotate_list_export(RotateListExport) -> Written;
}
