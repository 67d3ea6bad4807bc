# SPDX-License-Identifier: GPL-2.0-or-later
"""What a new lot says about itself in its table `lot`."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime

from inference_backend import __version__
from inference_backend.contracts.lot import SCHEMA_VERSION, LotKey, LotState
from inference_backend.contracts.profile import Profile


def new_lot_metadata(profile: Profile, millesime: str, name: str, model: str = "") -> dict[str, str]:
    """Values of a lot that was just made; the writer adds its fingerprint, the caller its footprint.

    The profile travels inside: whoever gets the lot works by the rules it was made with, and needs no copy.
    """
    now = utc_now()
    return {
        LotKey.SCHEMA.value: SCHEMA_VERSION,
        LotKey.LOT_ID.value: str(uuid.uuid4()),
        LotKey.NAME.value: name,
        LotKey.PROFILE.value: profile.name,
        LotKey.PROFILE_VERSION.value: profile.version,
        LotKey.PROFILE_RULES.value: profile.path.read_text(encoding="utf-8"),
        LotKey.PROFILE_NOMENCLATURE.value: profile.path.with_name("nomenclature.json").read_text(
            encoding="utf-8"
        ),
        LotKey.MILLESIME.value: millesime,
        LotKey.SOFTWARE.value: __version__,
        LotKey.CREATED.value: now,
        LotKey.MODEL.value: model,
        LotKey.STATE.value: LotState.PREPARED.value,
        LotKey.HISTORY.value: history_text([history_entry(LotState.PREPARED, "", "", now)]),
    }


def history_entry(state: LotState, by: str, comment: str, time_utc: str) -> dict[str, str]:
    """One line of a lot's life, as `LotKey.HISTORY` keeps it."""
    return {"state": state.value, "time_utc": time_utc, "by": by, "comment": comment}


def history_text(entries: list[dict[str, str]]) -> str:
    """JSON of the lines, oldest first."""
    return json.dumps(entries, ensure_ascii=False)


def utc_now() -> str:
    """The time to the millisecond, as GeoPackages hold it: two decisions of one second have an order."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
