#!/usr/bin/env bash
# Short fuzzing of everything that reads foreign bytes; five minutes over all targets. The corpus is
# replayed by `make test` in any case, without any of this.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT/fuzz"

# The sanitizer's options are a nightly compiler's. A stable one takes them when it is told that it
# is building itself.
cargo=(cargo)
if rustup toolchain list | grep --quiet '^nightly'; then
    cargo+=(+nightly)
else
    export RUSTC_BOOTSTRAP=1
fi
command -v cargo-fuzz >/dev/null || retry 3 cargo install --quiet --locked cargo-fuzz --root "$TOOLS"
mapfile -t targets < <("${cargo[@]}" fuzz list)
[ "${#targets[@]}" -gt 0 ] || fail "No fuzz target is listed."
seconds="$((${STRONGROOM_FUZZ_SECONDS:-300} / ${#targets[@]}))"
for target in "${targets[@]}"; do
    stage "fuzz $target for ${seconds}s" \
        "${cargo[@]}" fuzz run "$target" -- -max_total_time="$seconds" -rss_limit_mb=1024
done
