#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Proves the bundles of DIST: that of Linux installs and predicts where there is no network at all; that of Windows
# holds a whole, consistent set of wheels, to pip's resolver and to the conditions that Windows alone fulfils.
#   test_bundle.sh [DIST]
set -euo pipefail

cd "$(dirname "$0")/.."
dist=${1:-dist}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=$PWD/.venv/bin/python

# A namespace without network, where the system lets us make one; elsewhere a proxy that does not exist.
offline=(env PIP_INDEX_URL=http://127.0.0.1:9/simple HTTPS_PROXY=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9)
if unshare --map-root-user --net true 2>/dev/null; then
    offline=(unshare --map-root-user --net "${offline[@]}")
fi

echo "== Linux: install without network"
unzip -q "$dist"/ocsge-backend-*-linux_x86_64.zip -d "$work/linux"
export OCSGE_BACKEND_HOME="$work/Éléonore Lefèvre/ocsge"
command=$("${offline[@]}" bash "$work/linux/ocsge-backend/install.sh" | tail -n 1)
du -sh "$OCSGE_BACKEND_HOME" | cut -f1
"${offline[@]}" "$command" scene "$work/scene" --size-m 150 >/dev/null
"${offline[@]}" "$command" predict "$work"/scene/ortho*.tif "$work"/scene/height*.tif -o "$work/prediction.tif" >/dev/null
test -s "$work/prediction.tif"
echo "installed and predicted without network: $command"

echo "== Windows: pip's resolver on the bundle alone"
unzip -q "$dist"/ocsge-backend-*-win_amd64.zip -d "$work/windows"
wheels=$work/windows/ocsge-backend/wheels
(cd "$work/windows/ocsge-backend" && sha256sum --check --quiet SHA256SUMS)
"$python" -m scripts.bundle_wheels "$wheels" win_amd64
