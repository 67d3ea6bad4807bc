#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the environment of the QGIS tests: the system's Python, which sees PyQGIS, with pytest beside it.
#   setup_qgis_env.sh FOLDER
set -euo pipefail

cd "$(dirname "$0")/.."
folder=$1
if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$folder"
    /usr/bin/python3 -m venv --system-site-packages "$folder"
fi
# The file also holds back numpy 2, with which Debian's GDAL bindings fail.
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement constraints/qgis.txt
"$folder/bin/python" -c "import qgis.core, osgeo.gdal, numpy; assert numpy.__version__ < '2'"
