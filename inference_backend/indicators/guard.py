# SPDX-License-Identifier: GPL-2.0-or-later
"""What a production file may lead to: everything on a command line, little behind a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inference_backend.indicators.errors import ProductionFileError
from inference_backend.indicators.postgis_lots import PREFIX
from inference_backend.indicators.production import Production


@dataclass(frozen=True)
class Guard:
    """Limits of who asks.

    Attributes:
        allows_file: whether a file may be read; None for every file.
        allows_databases: whether lots may lie in PostGIS: the accounts would be those of the service.
    """

    allows_file: Callable[[Path], bool] | None = None
    allows_databases: bool = True

    def allows(self, path: Path) -> bool:
        """Whether a file may be read."""
        return self.allows_file is None or self.allows_file(path)

    def require(self, production: Production) -> None:
        """Refuse what a production file names outright; lots that a pattern finds are asked one by one.

        Raises:
            ProductionFileError: a file outside the folders allowed, or a database.
        """
        named = [production.timesheet, production.outlines.file if production.outlines else None]
        for path in named:
            if path is not None and not self.allows(path):
                raise _forbidden(production, str(path))
        for departement in production.departements:
            for text in departement.lots:
                if text.startswith(PREFIX) and not self.allows_databases:
                    raise _forbidden(production, text)


ANYTHING = Guard()


def _forbidden(production: Production, what: str) -> ProductionFileError:
    return ProductionFileError(
        path=production.path.name,
        key=what,
        problem_en="this service does not read it for you",
        problem_fr="ce service ne le lit pas pour vous",
        remedy_en="Make the report on a computer that reaches it: ocsge report.",
        remedy_fr="Faites le tableau de bord sur un poste qui y a accès : ocsge report.",
    )
