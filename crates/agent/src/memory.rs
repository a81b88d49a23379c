//! Giving memory back to the system after it was needed for a moment.

/// Returns free memory of the allocator to the system: what an unlock or an open vault needed must
/// not stay resident in a process that lives as long as the login.
pub(crate) fn give_back() {
    strongroom_secret::return_free_memory();
}
