# SPDX-License-Identifier: GPL-2.0-or-later
"""Entry point of the command `ocsge`."""

from __future__ import annotations


def main() -> int:
    """Run the command line."""
    return 0
