#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every test, each part in the environment it is meant for; the last line sums up.
set -uo pipefail

cd "$(dirname "$0")/.."
mkdir -p build
started=$SECONDS
failed=()
summary=()

run_part() {
    local name=$1
    shift
    local log="build/test-$name.log" status
    echo "== $name"
    "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    summary+=("$name: $(grep -aE ' in [0-9.]+s' "$log" | tail -n 1 | tr -d '=')")
    [ "$status" -eq 0 ] || failed+=("$name")
}

on_virtual_screen() {
    # Qt draws nothing right without a window manager; a server's number is free again when it ends.
    xvfb-run -a -s "-screen 0 1920x1080x24" bash -c 'openbox >/dev/null 2>&1 & exec "$@"' -- "$@"
}

run_part unit .venv/bin/python -m pytest -q tests/unit
run_part backend .venv/bin/python -m pytest -q tests/backend
run_part packaging .venv/bin/python -m pytest -q tests/packaging
run_part qgis on_virtual_screen .venv-qgis/bin/python -m pytest -q tests/qgis

echo
printf '%s\n' "${summary[@]}"
if [ ${#failed[@]} -gt 0 ]; then
    echo "make test: FAILED (${failed[*]}) in $((SECONDS - started)) s"
    exit 1
fi
echo "make test: all parts passed in $((SECONDS - started)) s"
