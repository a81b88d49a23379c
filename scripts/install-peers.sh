#!/usr/bin/env bash
# Programs of others that our own are compared with in tests: ccxt and icalendar, each in a Python
# environment of its own in the cache folder. Skips what is there. The last lines say where.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

# NAME REQUIREMENTS MODULE: what is pinned there, without dependencies of its own.
install_peer() {
    local name="$1" wanted="$ROOT/$2" module="$3"
    local peer="$CACHE/peers/$name"
    local mark
    # Another list or another Python is another environment.
    mark="$(sha256sum "$wanted" | cut -d ' ' -f 1) $(python3 --version)"
    if [ "$(cat "$peer/installed" 2>/dev/null)" != "$mark" ]; then
        say "Installing $name into $peer"
        mkdir -p "$CACHE/peers"
        retry 3 fill_peer "$peer" "$wanted" || fail "$name could not be installed."
        "$peer/bin/python" -c "import $module" || fail "$name is installed and does not start."
        printf '%s' "$mark" >"$peer/installed"
    fi
    say "$name $("$peer/bin/python" -c "import $module; print($module.__version__)") in $peer/bin/python"
}

fill_peer() {
    # Without pip inside: Debian keeps that in a package of its own, and the one outside can do it.
    python3 -m venv --clear --without-pip "$1" &&
        python3 -m pip --python "$1/bin/python" install --quiet --disable-pip-version-check \
            --no-deps --require-hashes --only-binary :all: --requirement "$2"
}

install_peer ccxt crates/exchanges/tests/peers/requirements.txt ccxt
install_peer icalendar crates/formats/tests/peers/requirements.txt icalendar
