#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every test, each part in the environment it is meant for; the last line sums up. The part inside QGIS runs beside
# the others, since each of them keeps one processor busy; what it says is shown when it ends.
set -uo pipefail

cd "$(dirname "$0")/.."
mkdir -p build
started=$SECONDS
failed=()
summary=()

run_part() {
    local name=$1
    shift
    echo "== $name"
    "$@" 2>&1 | tee "build/test-$name.log"
    sum_up "$name" "${PIPESTATUS[0]}"
}

sum_up() {
    local name=$1 status=$2
    summary+=("$name: $(grep -aE ' in [0-9.]+s' "build/test-$name.log" | tail -n 1 | tr -d '=')")
    [ "$status" -eq 0 ] || failed+=("$name")
}

on_virtual_screen() {
    # Qt draws nothing right without a window manager; a server's number is free again when it ends.
    xvfb-run -a -s "-screen 0 1920x1080x24" bash -c 'openbox >/dev/null 2>&1 & exec "$@"' -- "$@"
}

on_virtual_screen .venv-qgis/bin/python -m pytest -q tests/qgis >build/test-qgis.log 2>&1 &
in_qgis=$!
trap 'kill "$in_qgis" 2>/dev/null' INT TERM

run_part unit .venv/bin/python -m pytest -q tests/unit
run_part backend .venv/bin/python -m pytest -q tests/backend
run_part packaging .venv/bin/python -m pytest -q tests/packaging

echo "== qgis (beside the others until now)"
tail -n +1 -f --pid="$in_qgis" build/test-qgis.log
wait "$in_qgis"
sum_up qgis $?

echo
printf '%s\n' "${summary[@]}"
if [ ${#failed[@]} -gt 0 ]; then
    echo "make test: FAILED (${failed[*]}) in $((SECONDS - started)) s"
    exit 1
fi
echo "make test: all parts passed in $((SECONDS - started)) s"
