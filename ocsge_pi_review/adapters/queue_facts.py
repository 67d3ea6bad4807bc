# SPDX-License-Identifier: GPL-2.0-or-later
"""What a queue says beyond its items: its communes, and what was decided today.

Asked of a layer on `review_item`, whose provider gives the question to the database as it is.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timezone

from qgis.core import NULL, QgsFeatureRequest, QgsVectorLayer

from inference_backend.contracts.lot import REVIEW_ITEM, ItemState
from ocsge_pi_review.adapters.lot_store import LotStore
from ocsge_pi_review.domain.pace import Day


def communes(store: LotStore) -> tuple[str, ...]:
    """INSEE codes of the communes that items lie in."""
    layer = store.layer(REVIEW_ITEM.name, REVIEW_ITEM.name)
    found = layer.uniqueValues(layer.fields().lookupField("commune"))
    return tuple(sorted(str(code) for code in found if code not in (None, NULL, "")))


def decided_today(store: LotStore) -> tuple[Day, ...]:
    """What each person decided since midnight."""
    layer = store.layer(REVIEW_ITEM.name, REVIEW_ITEM.name)
    since = midnight_utc().strftime("%Y-%m-%dT%H:%M:%S")
    # The same text serves SQLite, which compares it as text, and PostgreSQL, which reads it as a time.
    layer.setSubsetString(f"state = '{ItemState.DONE.value}' AND decided_at >= '{since}Z'")
    counts: Counter[str] = Counter()
    spent_s: Counter[str] = Counter()
    for operator, duration_s in _values(layer, ("operator", "duration_s")):
        counts[str(operator or "")] += 1
        spent_s[str(operator or "")] += float(duration_s or 0.0)
    return tuple(Day(name, count, float(spent_s[name])) for name, count in counts.items())


def midnight_utc() -> datetime:
    """The start of the operator's day."""
    today = datetime.now().astimezone().date()
    return datetime.combine(today, time()).astimezone().astimezone(timezone.utc)


def _values(layer: QgsVectorLayer, names: tuple[str, ...]) -> list[tuple[object, ...]]:
    request = QgsFeatureRequest()
    request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
    request.setSubsetOfAttributes(list(names), layer.fields())
    return [
        tuple(None if feature[name] == NULL else feature[name] for name in names)
        for feature in layer.getFeatures(request)
    ]
