# SPDX-License-Identifier: GPL-2.0-or-later
"""What a worker process of ours loads as it starts."""

from __future__ import annotations

import signal


def dask_setup(_worker: object) -> None:
    """Called by Dask: Ctrl+C is for the client, which ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
