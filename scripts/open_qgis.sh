#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Opens the demo in QGIS, in a private profile that has both plugins; your own profile is not touched.
set -euo pipefail

cd "$(dirname "$0")/.."
project=build/demo/demo.qgz
if [ ! -f "$project" ]; then
    echo "No demo yet: run make demo first." >&2
    exit 1
fi
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    echo "QGIS needs a display, and there is none here: open $project on a machine that has one." >&2
    exit 1
fi
.venv/bin/python -m scripts.make_profile build/qgis-profile
# Not through the PATH: QGIS would take the Python it finds first there for its own.
OCSGE_BACKEND="$PWD/.venv/bin/ocsge" exec qgis --nologo --noversioncheck --profiles-path build/qgis-profile \
    --code scripts/maximise_qgis.py "$project"
