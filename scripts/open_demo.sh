#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The last lines of make demo: QGIS where it can be shown, else where to look.
set -euo pipefail

cd "$(dirname "$0")/.."
echo
echo "Pictures: build/demo/demo.png and build/demo/pictures/    QGIS project: build/demo/demo.qgz"
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v qgis >/dev/null; then
    # In the background: the commands of this terminal stay yours.
    nohup make qgis >build/demo/qgis.log 2>&1 &
    echo "make demo: done; QGIS is opening"
else
    echo "make demo: done; with QGIS and a display, 'make qgis' opens it with both plugins"
fi
