#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the backend from this folder, without network. / Installe le moteur depuis ce dossier, sans réseau.
#   install.sh [FOLDER]     default: ~/.local/share/ocsge-backend
set -euo pipefail

target=$(realpath -m "${1:-$HOME/.local/share/ocsge-backend}")
cd "$(dirname "$0")"
version=$(sed -n 's/^Python //p' VERSION)
if ! command -v sha256sum >/dev/null || ! sha256sum --check --quiet SHA256SUMS; then
    echo "A file of this bundle is damaged: copy it again. / Un fichier est abîmé : recopiez-le." >&2
    exit 1
fi
python=$(command -v "python$version" || true)
if [ -z "$python" ]; then
    echo "Python $version is needed. / Python $version est nécessaire." >&2
    exit 1
fi
"$python" -m venv "$target" || {
    echo "Install the package python$version-venv first. / Installez d'abord le paquet python$version-venv." >&2
    exit 1
}
# Settings of pip on this machine must not bring the network back.
PIP_CONFIG_FILE=/dev/null "$target/bin/python" -m pip --isolated install --quiet --disable-pip-version-check \
    --no-index --find-links wheels ocsge-backend
"$target/bin/ocsge" --version
echo "$target/bin/ocsge"
