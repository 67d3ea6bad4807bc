#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes a Chromium and the tools that read PDF available on Debian, for the tests of pages; does nothing where
# they already are.
set -euo pipefail

packages=(chromium poppler-utils)

all_installed() {
    command -v pdftotext >/dev/null && { command -v chromium || command -v google-chrome; } >/dev/null
}

if all_installed; then
    exit 0
fi

if ! command -v apt-get >/dev/null; then
    echo "Chromium and poppler-utils are needed: install them with your system's package manager." >&2
    exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Chromium is missing and this account cannot install it. As root, run: $0" >&2
        exit 1
    fi
    as_root=(sudo)
fi

"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
