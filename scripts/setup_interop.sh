#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes an environment for a foreign inference server, at the versions of its constraints file.
#   setup_interop.sh FOLDER CONSTRAINTS PACKAGE...
set -euo pipefail

cd "$(dirname "$0")/.."
folder=$1
constraints=$2
shift 2

if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$folder"
    "$(scripts/find_python.sh)" -m venv "$folder"
fi
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --constraint "$constraints" "$@"
