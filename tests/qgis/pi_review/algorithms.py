# SPDX-License-Identifier: GPL-2.0-or-later
"""The provider `ocsge_review`, run through Processing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)

from ocsge_pi_review.processing.provider import ReviewProvider


@contextmanager
def registered_provider() -> Iterator[ReviewProvider]:
    made = ReviewProvider(Path("icon.svg"))
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)


def run(name: str, parameters: dict[str, object]) -> tuple[dict[str, object], QgsProcessingContext]:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"ocsge_review:{name}")
    answer, ok = algorithm.run(parameters, context, QgsProcessingFeedback(), catchExceptions=False)
    assert ok
    return answer, context


def output(answer: dict[str, object], context: QgsProcessingContext) -> QgsVectorLayer:
    return context.getMapLayer(answer["OUTPUT"])
