#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes QGIS >= 3.40 and a virtual screen available on Debian; does nothing where they already are.
set -euo pipefail

minimum="3.40"
packages=(qgis python3-qgis qgis-server python3-venv qttools5-dev-tools xvfb xauth openbox fonts-open-sans x11-utils scrot xdotool)
# Tests run the commands that the documentation prints; without these they would be left out unnoticed.
packages+=(curl openssl gdal-bin)
# Tests start a PostgreSQL of their own: the server that is there, else the one that this Debian recommends.
postgis=$(dpkg-query -W -f='${Package}\n' 'postgresql-[0-9]*-postgis-3' 2>/dev/null | head -n 1 || true)
packages+=("${postgis:-postgresql-postgis}")

installed_version() {
    dpkg-query -W -f='${Version}' qgis 2>/dev/null || true
}

at_least_minimum() {
    [ -n "$1" ] && dpkg --compare-versions "${1#*:}" ge "$minimum"
}

all_installed() {
    local package
    for package in "${packages[@]}"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || return 1
    done
}

if at_least_minimum "$(installed_version)" && all_installed; then
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "QGIS $minimum or newer is needed with python3-qgis, xvfb and openbox: install them with your system's package manager." >&2
    exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "QGIS $minimum or newer is missing and this account cannot install it. As root, run: $0" >&2
        exit 1
    fi
    as_root=(sudo)
fi

candidate_version() {
    # The server's: where QGIS is already installed from backports, its own candidate would not tell.
    apt-cache policy qgis-server | awk '/Candidate:/ {print $2}'
}

"${as_root[@]}" apt-get update -qq
release=()
if ! at_least_minimum "$(candidate_version)"; then
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # The backports suite lives on the mirror that already serves this machine.
    mirror=$(apt-get indextargets --format '$(SITE)' "Created-By: Packages" "Codename: $codename" | sort -u | head -n 1)
    if [ -z "${mirror:-}" ]; then
        echo "No Debian mirror for '$codename' is configured in /etc/apt: QGIS $minimum needs the suite '$codename-backports'." >&2
        exit 1
    fi
    echo "deb $mirror $codename-backports main" | "${as_root[@]}" tee "/etc/apt/sources.list.d/$codename-backports.list" >/dev/null
    "${as_root[@]}" apt-get update -qq
    release=(-t "$codename-backports")
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${release[@]}" "${packages[@]}"

at_least_minimum "$(installed_version)" || {
    echo "QGIS $(installed_version) is installed, $minimum or newer is needed." >&2
    exit 1
}
