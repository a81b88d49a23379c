#!/usr/bin/env bash
# Debian and Ubuntu packages that building, testing and measuring need. Skips what is there.
# usage: install-packages.sh [--bench]
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"

building=(build-essential pkg-config libssl-dev libwebkit2gtk-4.1-dev libxdo-dev
    libayatana-appindicator3-dev librsvg2-dev librsvg2-bin)
testing=(xvfb dbus dbus-x11 gnome-keyring libsecret-tools libglib2.0-bin dunst xdotool imagemagick
    xclip at-spi2-core gir1.2-atspi-2.0 python3-gi python3-dbusmock webkit2gtk-driver shellcheck procps age
    openssh-client)
measuring=(keepassxc argon2 hyperfine libargon2-dev)

wanted=("${building[@]}" "${testing[@]}")
if [ "${1:-}" = "--bench" ]; then
    wanted+=("${measuring[@]}")
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    say "This machine has no apt-get. What is needed, by Debian's names:"
    say "${wanted[*]}"
    exit 0
fi

missing=()
for package in "${wanted[@]}"; do
    state="$(dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null || true)"
    case "$state" in
    ii*) ;;
    *) missing+=("$package") ;;
    esac
done
if [ "${#missing[@]}" -eq 0 ]; then
    say "All ${#wanted[@]} packages are installed."
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "These packages need root to install: ${missing[*]}"
    as_root=(sudo)
fi
say "Installing: ${missing[*]}"
update() {
    "${as_root[@]}" apt-get update -qq </dev/null
}
install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}
retry 3 update
retry 3 install
say "Installed ${#missing[@]} packages."
