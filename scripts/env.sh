# shellcheck shell=bash
# Sourced by every script: where the repository is, where cargo builds, and how stages are shown.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/strongroom"
TOOLS="$CACHE/tools"
export ROOT CACHE TOOLS

# A target folder outside the clone survives a fresh clone: it is used where it exists.
if [ -z "${CARGO_TARGET_DIR:-}" ]; then
    kept="${STRONGROOM_TARGET_DIR:-$CACHE/target}"
    if [ -d "$kept" ]; then
        CARGO_TARGET_DIR="$kept"
    else
        CARGO_TARGET_DIR="$ROOT/target"
    fi
fi
export CARGO_TARGET_DIR
export PATH="$HOME/.cargo/bin:$TOOLS/bin:$PATH"

say() {
    printf '%s\n' "$*"
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

# stage NAME COMMAND...: runs it and prints how long it took; a failure ends the script.
stage() {
    local name="$1" begun="$SECONDS"
    shift
    printf '\n== %s\n' "$name"
    if "$@"; then
        printf '== %s: done in %ss\n' "$name" "$((SECONDS - begun))"
    else
        local status="$?"
        printf '== %s: FAILED after %ss\n' "$name" "$((SECONDS - begun))" >&2
        exit "$status"
    fi
}

# retry TIMES COMMAND...: for what comes over a network.
retry() {
    local times="$1" attempt=1
    shift
    until "$@"; do
        if [ "$attempt" -ge "$times" ]; then
            return 1
        fi
        say "   attempt $attempt of $times failed: $*"
        attempt="$((attempt + 1))"
    done
}
