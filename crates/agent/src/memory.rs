//! Giving memory back to the system after it was needed for a moment.

/// Returns free memory of the allocator to the system: what an unlock or an open vault needed must
/// not stay resident in a process that lives as long as the login.
pub(crate) fn give_back() {
    strongroom_secret::return_free_memory();
}

/// The same after a vault was locked, and with it the code that only an open vault runs through.
pub(crate) fn give_back_all() {
    give_back();
    strongroom_secret::let_go_of_code();
}
