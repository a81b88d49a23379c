#!/usr/bin/env bash
# Everything that reads the code without running the product: formatting, shell, spelling, lints,
# the dependency tree, the front end's types.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT"

# A toolchain of rustup's minimal profile lacks both.
toolchain() {
    if ! { cargo fmt --version && cargo clippy --version; }; then
        rustup component add rustfmt clippy
    fi
}

stage "toolchain" toolchain
stage "packages" scripts/install-packages.sh
stage "tools" scripts/install-tools.sh
stage "format" cargo fmt --all --check
stage "shell scripts" shellcheck --external-sources .ci/run scripts/*.sh
stage "spelling" typos --format brief
stage "supply chain" scripts/supply-chain.sh
stage "front end" scripts/ui.sh install check build
stage "lints" cargo clippy --workspace --all-targets --locked --quiet \
    --features strongroom-cli/test-clock -- -D warnings
