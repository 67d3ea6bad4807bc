#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes a virtual environment and installs this project into it, at the versions of constraints/backend.txt.
#   setup_backend.sh FOLDER [EXTRA]     EXTRA: dev or train, an optional group of pyproject.toml
set -euo pipefail

cd "$(dirname "$0")/.."
folder=$1
extra=${2:-}

make_environment() {
    local python
    python=$(scripts/find_python.sh)
    "$python" -m venv "$folder" 2>/dev/null && return
    rm -rf "$folder"
    # Debian packs what venv needs apart from the interpreter.
    install_debian_venv
    "$python" -m venv "$folder"
}

install_debian_venv() {
    local as_root=()
    if ! command -v apt-get >/dev/null; then
        echo "This Python cannot make virtual environments (module ensurepip is missing): install it with your system's package manager." >&2
        exit 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "This Python cannot make virtual environments. As root, run: apt-get install python3-venv" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv
}

# An interrupted creation leaves a folder without pip: start again.
if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$folder"
    make_environment
fi
target="."
[ -n "$extra" ] && target=".[$extra]"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check \
    --constraint constraints/backend.txt --editable "$target"
