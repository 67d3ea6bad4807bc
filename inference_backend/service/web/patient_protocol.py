# SPDX-License-Identifier: GPL-2.0-or-later
"""HTTP connections whose patience ends: a client must send the head of its request in time.

uvicorn waits for ever for the first line; a few hundred silent connections would keep everybody else out.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIMEOUT_S = float(os.environ.get("OCSGE_HEAD_TIMEOUT_S", "10"))


class PatientProtocol(H11Protocol):
    """uvicorn's protocol with a time limit on the head of each request."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Start the clock."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(HEAD_TIMEOUT_S, self._close_if_silent, self.cycle)

    def data_received(self, data: bytes) -> None:
        """Restart the clock at the first bytes of a request that follows another one."""
        if self._deadline is None and (self.cycle is None or self.cycle.response_complete):
            self._deadline = self.loop.call_later(HEAD_TIMEOUT_S, self._close_if_silent, self.cycle)
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before and self._deadline is not None:  # a whole head has come
            self._deadline.cancel()
            self._deadline = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def _close_if_silent(self, cycle_then: Any) -> None:
        self._deadline = None
        if self.cycle is cycle_then and not self.transport.is_closing():
            self.transport.close()
