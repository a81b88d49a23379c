#!/usr/bin/env bash
# The front end: exactly the locked packages, no install scripts, then `npm run` what is asked for.
# usage: ui.sh [install|check|build|test]...
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$ROOT/ui"

install() {
    local stamp=node_modules/.strongroom-lock
    if [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; then
        say "ui: the locked packages are there."
        return
    fi
    npm ci --ignore-scripts --no-audit --no-fund </dev/null
    cp package-lock.json "$stamp"
}

for step in "$@"; do
    case "$step" in
    install) retry 3 install ;;
    *) npm run --silent "$step" </dev/null ;;
    esac
done
