# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms share: errors in the user's language, cancelling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qgis.core import QgsProcessingException, QgsProcessingFeedback

from inference_backend.contracts.errors import OcsgeError
from ocsge_common.translation import tr, user_language

GROUP_ID = "campaign"


@contextmanager
def errors_for_processing() -> Iterator[None]:
    """Turn our errors into those that Processing shows."""
    try:
        yield
    except OcsgeError as error:
        raise QgsProcessingException(error.text(user_language())) from error


def reporter(feedback: QgsProcessingFeedback) -> Callable[[float], None]:
    """A function that takes the share done and stops the work once the user asked to."""

    def report(share: float) -> None:
        if feedback.isCanceled():
            raise QgsProcessingException(tr("Cancelled."))
        feedback.setProgress(100.0 * share)

    return report
