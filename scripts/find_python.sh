#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Prints the newest Python 3.11 to 3.13 that runs on this machine: the versions the pinned wheels exist for.
set -euo pipefail

for name in python3.13 python3.12 python3.11 python3 python; do
    path=$(command -v "$name" 2>/dev/null) || continue
    # Version managers leave launchers on the PATH for versions that they do not run: ask the interpreter itself.
    if "$path" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        echo "$path"
        exit 0
    fi
done
echo "Python 3.11, 3.12 or 3.13 is needed and none was found on the PATH. On Debian 12: apt-get install python3" >&2
exit 1
