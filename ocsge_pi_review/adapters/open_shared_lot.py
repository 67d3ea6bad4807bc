# SPDX-License-Identifier: GPL-2.0-or-later
"""Opening a lot of a database: the same review as of a file, with items held while one works."""

from __future__ import annotations

from contextlib import ExitStack

from qgis.core import QgsProject

from ocsge_pi_review.adapters.open_lot import OpenLot, open_store
from ocsge_pi_review.adapters.postgis_address import LotAddress
from ocsge_pi_review.adapters.postgis_store import PostgisStore


def open_shared_lot(address: LotAddress, operator: str, project: QgsProject) -> OpenLot:
    """Open a lot in PostGIS.

    Raises:
        LotError: no lot there, another version, or this operator has it open elsewhere.
        LostConnectionError, NoRightError: the database does not answer, or the account may not read it.
        ProfileError: the lot's profile is neither inside nor installed.
    """
    with ExitStack() as on_failure:
        store = PostgisStore(address, operator)
        on_failure.callback(store.close)
        opened = open_store(store, project, address.schema)
        on_failure.pop_all()
    return opened
