#!/usr/bin/env bash
# Programs of others that our own are compared with in tests: ccxt, in a Python environment of its
# own in the cache folder. Skips what is there. The last line says where its Python is.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

WANTED="$ROOT/crates/exchanges/tests/peers/requirements.txt"
PEERS="$CACHE/peers/ccxt"
DONE="$PEERS/installed"

# Another list or another Python is another environment.
mark="$(sha256sum "$WANTED" | cut -d ' ' -f 1) $(python3 --version)"

install_ccxt() {
    # Without pip inside: Debian keeps that in a package of its own, and the one outside can do it.
    python3 -m venv --clear --without-pip "$PEERS" &&
        python3 -m pip --python "$PEERS/bin/python" install --quiet --disable-pip-version-check \
            --no-deps --require-hashes --only-binary :all: --requirement "$WANTED"
}

if [ "$(cat "$DONE" 2>/dev/null)" != "$mark" ]; then
    say "Installing ccxt into $PEERS"
    mkdir -p "$CACHE/peers"
    retry 3 install_ccxt || fail "ccxt could not be installed."
    "$PEERS/bin/python" -c 'import ccxt' || fail "ccxt is installed and does not start."
    printf '%s' "$mark" >"$DONE"
fi
say "ccxt $("$PEERS/bin/python" -c 'import ccxt; print(ccxt.__version__)') in $PEERS/bin/python"
