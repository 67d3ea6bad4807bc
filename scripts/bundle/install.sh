#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the backend from this folder, without network. / Installe le moteur depuis ce dossier, sans réseau.
set -euo pipefail

cd "$(dirname "$0")"
if ! command -v sha256sum >/dev/null || ! sha256sum --check --quiet SHA256SUMS; then
    echo "A file of this bundle is damaged: copy it again. / Un fichier de ce lot est abîmé : recopiez-le." >&2
    exit 1
fi
for name in python3.12 python3.13 python3.11 python3 python; do
    if command -v "$name" >/dev/null && "$name" install.py --fits 2>/dev/null; then
        exec "$name" install.py
    fi
done
pythons=$(grep -o '"3\.[0-9]*"' bundle.json | tr -d '"' | paste -sd' ')
echo "One of these Pythons is needed: $pythons. / Un de ces Python est nécessaire : $pythons." >&2
exit 1
