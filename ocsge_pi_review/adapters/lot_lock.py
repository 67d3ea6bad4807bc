# SPDX-License-Identifier: GPL-2.0-or-later
"""One reviewer at a time in a GeoPackage: items are not held there, so two would decide the same ones."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QLockFile

from ocsge_pi_review.domain.errors import LotError


def lock_lot(path: Path) -> QLockFile:
    """The lock of a lot, held until `unlock`; that of a process that died does not count.

    Raises:
        LotError: somebody else has the lot open.
    """
    # Of the file itself: a link to it leads to the same lot.
    file = path.resolve()
    file = file.with_name(f".{file.name}.lock")
    lock = QLockFile(str(file))
    # The age of a lock says nothing: a review lasts for hours.
    lock.setStaleLockTime(0)
    # Where no lock can be written, neither can the lot, and opening it says so better.
    if not lock.tryLock(0) and lock.error() == QLockFile.LockError.LockFailedError:
        _, pid, host, application = lock.getLockInfo()
        holder = f"{application or 'QGIS'}, {host or 'localhost'}, {pid}"
        raise LotError(
            path=path,
            problem_en=f"it is under review already ({holder})",
            problem_fr=f"il est déjà en cours de reprise ({holder})",
            remedy_en=f"Close it there first. If that computer went down, delete {file}.",
            remedy_fr=f"Fermez-le d'abord là-bas. Si cet ordinateur s'est arrêté, supprimez {file}.",
        )
    return lock
