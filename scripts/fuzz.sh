#!/usr/bin/env bash
# Short fuzzing of everything that reads foreign bytes; five minutes over all targets. The corpus is
# replayed by `make test` in any case, without a nightly compiler.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT/fuzz"

rustup toolchain list | grep --quiet '^nightly' || fail "Fuzzing needs a nightly toolchain."
command -v cargo-fuzz >/dev/null || retry 3 cargo install --quiet --locked cargo-fuzz --root "$TOOLS"
mapfile -t targets < <(cargo +nightly fuzz list)
[ "${#targets[@]}" -gt 0 ] || fail "No fuzz target is listed."
seconds="$((${STRONGROOM_FUZZ_SECONDS:-300} / ${#targets[@]}))"
for target in "${targets[@]}"; do
    stage "fuzz $target for ${seconds}s" \
        cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" -rss_limit_mb=1024
done
