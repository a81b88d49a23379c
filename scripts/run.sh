#!/usr/bin/env bash
# Builds the window and opens it. DEMO=1: on a throw-away vault with invented keys, in a home of its
# own. Without a display a virtual one is started, and the window is photographed.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

PICTURE="$ROOT/shots/window.png"

build() {
    cargo build --locked --package strongroom-cli --package strongroom-desktop
}

# The window is there when the virtual display shows more than its empty ground.
photograph() {
    local display="$1" window
    window="$(DISPLAY="$display" timeout 60 xdotool search --sync --onlyvisible --name Strongroom | head -n 1)"
    [ -n "$window" ] || fail "The window did not appear."
    # A web view paints a moment after its window is mapped: until two pictures are the same.
    local before="" now=""
    for _ in $(seq 1 60); do
        DISPLAY="$display" import -window root "$PICTURE"
        now="$(sha256sum "$PICTURE")"
        [ "$now" != "$before" ] || [ "$(stat --format=%s "$PICTURE")" -lt 8000 ] || break
        before="$now"
    done
}

without_display() {
    local number log
    log="$(mktemp)"
    Xvfb -displayfd 1 -screen 0 1280x800x24 -nolisten tcp >"$log" 2>/dev/null &
    local server="$!"
    trap 'kill "$server" "${window:-$server}" 2>/dev/null || true; rm -f "$log"' EXIT
    until [ -s "$log" ]; do
        kill -0 "$server" || fail "Xvfb did not start."
    done
    number="$(cat "$log")"
    export DISPLAY=":$number" LIBGL_ALWAYS_SOFTWARE=1 WEBKIT_DISABLE_DMABUF_RENDERER=1
    "$CARGO_TARGET_DIR/debug/strongroom-desktop" "$@" &
    local window="$!"
    photograph "$DISPLAY"
    say "There is no display here. The window is open on the virtual display $DISPLAY;"
    say "its picture lies in $PICTURE"
    if [ -t 0 ]; then
        say "Ctrl+C ends it."
        wait "$window"
    fi
}

stage "packages" scripts/install-packages.sh
stage "front end" scripts/ui.sh install build
stage "build" build
mkdir -p "$ROOT/shots"

if [ "${DEMO:-}" = "1" ]; then
    export STRONGROOM_BIN="$CARGO_TARGET_DIR/debug/strongroom"
    exec cargo run --quiet --locked --package strongroom-tests --example demo -- \
        "$CARGO_TARGET_DIR/debug/strongroom-desktop" "$PICTURE"
elif [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$CARGO_TARGET_DIR/debug/strongroom-desktop" "$@"
else
    without_display "$@"
fi
