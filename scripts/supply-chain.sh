#!/usr/bin/env bash
# What is in the dependency tree, under which licence, from where. Advisories need a database from
# the network: `STRONGROOM_ADVISORIES=1` asks for them where it can be reached.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

checks=(bans licenses sources)
if [ "${STRONGROOM_ADVISORIES:-}" = "1" ]; then
    checks+=(advisories)
else
    say "Advisories are not checked in this run (their database is on the network)."
fi
cargo-deny --locked check --deny warnings --hide-inclusion-graph "${checks[@]}"
