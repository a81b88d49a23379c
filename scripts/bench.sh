#!/usr/bin/env bash
# Speed and size, as ratios within one run: against libargon2, a bare SQLCipher insert, ssh-agent
# and KeePassXC. Nothing else should be running. BENCH_QUICK=1: fewer runs of each command.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

quick=()
if [ "${BENCH_QUICK:-}" = "1" ]; then
    quick=(--quick)
fi

stage "packages" scripts/install-packages.sh --bench
stage "release build" cargo build --quiet --locked --release --package strongroom-cli
stage "build of the examples" cargo build --quiet --locked --release --package strongroom-crypto \
    --package strongroom-formats --package strongroom-vault --examples
stage "Argon2id" python3 bench/argon2.py "$CARGO_TARGET_DIR/release/examples/argon2_time"
stage "signing" cargo bench --quiet --locked --package strongroom-exchanges
stage "commits" cargo bench --quiet --locked --package strongroom-store
stage "search and lists" cargo bench --quiet --locked --package strongroom-vault
stage "unlock of 10,000 keys" "$CARGO_TARGET_DIR/release/examples/unlock_time"
stage "a share of 10,000 keys, from vault to vault" "$CARGO_TARGET_DIR/release/examples/share_vault_time"
stage "window: release build" cargo build --quiet --locked --release --package strongroom-desktop
mkdir -p "$CARGO_TARGET_DIR/bench"
# shellcheck disable=SC2046
stage "window: floor" cc -O2 bench/floor/floor.c -o "$CARGO_TARGET_DIR/bench/floor" \
    $(pkg-config --cflags --libs webkit2gtk-4.1)
stage "window" python3 bench/window.py "$CARGO_TARGET_DIR/release/strongroom-desktop" \
    "$CARGO_TARGET_DIR/bench/floor"
# Steered by a driver, which only a build with this feature allows; else it is the same program.
stage "window: steered build" cargo build --quiet --locked --release --package strongroom-desktop \
    --features strongroom-desktop/e2e
cp "$CARGO_TARGET_DIR/release/strongroom-desktop" "$CARGO_TARGET_DIR/bench/strongroom-desktop"
stage "window: its driver" cargo build --quiet --locked --package strongroom-tests \
    --example window_time
stage "window: 10,000 keys" env STRONGROOM_BIN="$CARGO_TARGET_DIR/release/strongroom" \
    STRONGROOM_DESKTOP_BIN="$CARGO_TARGET_DIR/bench/strongroom-desktop" \
    "$CARGO_TARGET_DIR/debug/examples/window_time"
stage "built programs" python3 bench/warm.py "$CARGO_TARGET_DIR/release/strongroom" "${quick[@]}"
stage "a share of 10,000 keys beside age" "$CARGO_TARGET_DIR/release/examples/share_time"
