#!/usr/bin/env bash
# Two checkers that Debian does not carry, kept in the cache folder: cargo-deny (built once, about
# two minutes) and typos (a wheel from PyPI).
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

DENY_VERSION=0.20.2
TYPOS_VERSION=1.52.0

install_deny() {
    # Nobody waits on cargo-deny's own speed: it is built to be built quickly.
    CARGO_TARGET_DIR="$CACHE/tools-build" \
        CARGO_PROFILE_RELEASE_LTO=off \
        CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        cargo install --quiet --locked cargo-deny --version "$DENY_VERSION" --root "$TOOLS"
}

install_typos() {
    PIP_ROOT_USER_ACTION=ignore python3 -m pip install --quiet --disable-pip-version-check --no-deps \
        --upgrade --target "$TOOLS/typos" "typos==$TYPOS_VERSION"
    ln -sf "$TOOLS/typos/bin/typos" "$TOOLS/bin/typos"
}

mkdir -p "$TOOLS/bin"
if [ "$("$TOOLS/bin/cargo-deny" --version 2>/dev/null)" != "cargo-deny $DENY_VERSION" ]; then
    say "Building cargo-deny $DENY_VERSION into $TOOLS"
    (cd "$CACHE" && retry 3 install_deny) || fail "cargo-deny could not be built."
    rm -rf "$CACHE/tools-build"
fi
if [ "$("$TOOLS/bin/typos" --version 2>/dev/null)" != "typos-cli $TYPOS_VERSION" ]; then
    say "Fetching typos $TYPOS_VERSION into $TOOLS"
    retry 3 install_typos || fail "typos could not be fetched."
fi
say "$("$TOOLS/bin/cargo-deny" --version), $("$TOOLS/bin/typos" --version)"
