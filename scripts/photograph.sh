#!/usr/bin/env bash
# Photographs every screen, in dark and light, at 1280x800 and 960x640.
# usage: photograph.sh [FOLDER]; the pictures come to lie in shots without it.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

FOLDER="${1:-$ROOT/shots}"
FEATURES="strongroom-cli/test-clock,strongroom-desktop/e2e"

stage "front end" scripts/ui.sh install build
stage "build" cargo build --locked --package strongroom-cli --package strongroom-desktop \
    --features "$FEATURES"
export STRONGROOM_BIN="$CARGO_TARGET_DIR/debug/strongroom"
export STRONGROOM_DESKTOP_BIN="$CARGO_TARGET_DIR/debug/strongroom-desktop"
stage "photographs" cargo run --quiet --locked --package strongroom-tests --example photograph -- \
    "$FOLDER"
say "Look at them: $FOLDER"
