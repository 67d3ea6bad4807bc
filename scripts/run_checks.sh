#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every static check, all of them even when one fails; the last line sums up.
set -uo pipefail

cd "$(dirname "$0")/.."
bin=.venv/bin
qgis_side=(ocsge_common ocsge_annotator ocsge_pi_review)
code=(inference_backend scripts benchmarks tests "${qgis_side[@]}")
[ -d training ] && code+=(training)
failed=()

check() {
    local name=$1
    shift
    echo "== $name"
    "$@" || failed+=("$name")
}

check "ruff check" "$bin/ruff" check --quiet "${code[@]}"
check "ruff format" "$bin/ruff" format --check --quiet "${code[@]}"
check "mypy" "$bin/mypy" --no-error-summary
check "mypy of the domains" "$bin/mypy" --no-error-summary -p ocsge_annotator.domain -p ocsge_pi_review.domain
check "flake8-qgis" "$bin/flake8" --select QGS --exclude _vendor "${qgis_side[@]}"
check "bandit" "$bin/bandit" --quiet --configfile pyproject.toml --severity-level medium --recursive \
    inference_backend scripts "${qgis_side[@]}"
check "import table" "$bin/python" -m scripts.import_table
check "metadata" "$bin/python" -m scripts.plugin_metadata

if [ ${#failed[@]} -gt 0 ]; then
    printf 'make check: FAILED (%s)\n' "$(IFS=,; echo "${failed[*]}")"
    exit 1
fi
echo "make check: passed"
