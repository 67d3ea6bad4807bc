# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a production file; its keys are described in docs/production.md."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from inference_backend.contracts.profile import Profile
from inference_backend.indicators.errors import ProductionFileError
from inference_backend.indicators.json_node import Node
from inference_backend.indicators.production import (
    JOURNALLED_ROLES,
    Departement,
    FixedCost,
    HoursFrom,
    Outlines,
    Production,
    Role,
)

PRODUCTION_FORMAT = "ocsge-production/1"
_KEYS = (
    "format", "name", "departements", "plan", "roles", "fixed_costs", "timesheet", "longest_gesture_s",
    "reference_lines_eur_km2", "subcontractors", "outlines", "targets",
)  # fmt: skip
DIMENSIONS = ("cs", "us")


def read_production(path: Path, profile: Profile) -> Production:
    """Read and check a production file.

    Args:
        path: the JSON file.
        profile: gives what the file leaves out.

    Raises:
        ProductionFileError: missing, no JSON, or a value that does not fit.
    """
    top = Node(path, _content(path))
    top.only(*_KEYS)
    top.choice("format", (PRODUCTION_FORMAT,))
    departements = _departements(top)
    roles = _roles(top)
    timesheet = path.parent / top.text("timesheet") if "timesheet" in top else None
    if timesheet is None and any(role.hours is HoursFrom.TIMESHEET for role in roles):
        raise top.fault("timesheet", "", "the CSV file of the hours", "le fichier CSV des heures")
    return Production(
        path=path,
        name=top.text("name"),
        departements=departements,
        plan=_plan(top),
        roles=roles,
        fixed_costs=_fixed_costs(top, {departement.code for departement in departements}),
        timesheet=timesheet,
        longest_gesture_s=top.number("longest_gesture_s", profile.number("indicators", "longest_gesture")),
        reference_lines_eur_km2=top.numbers("reference_lines_eur_km2", _reference_lines(profile)),
        subcontractors=_subcontractors(top),
        outlines=_outlines(top),
        targets=_targets(top),
    )


def _content(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        problem = (f"cannot be read ({error.strerror})", f"lecture impossible ({error.strerror})")
    except ValueError as error:
        problem = (f"not JSON ({error})", f"ce n'est pas du JSON ({error})")
    raise ProductionFileError(
        path=path,
        key="production",
        problem_en=problem[0],
        problem_fr=problem[1],
        remedy_en="docs/production.md shows a file to start from.",
        remedy_fr="docs/production.md montre un fichier de départ.",
    )


def _reference_lines(profile: Profile) -> list[float]:
    names = profile.section("indicators", "reference_lines")
    return [profile.number("indicators", "reference_lines", name) for name in names]


def _departements(top: Node) -> tuple[Departement, ...]:
    found: dict[str, Departement] = {}
    for node in top.nodes("departements"):
        node.only("code", "name", "area_km2", "lots")
        code = node.text("code")
        if code in found:
            raise node.fault("code", code, "a code that occurs once", "un code qui n'apparaît qu'une fois")
        found[code] = Departement(code, node.text("name"), node.number("area_km2"), node.texts("lots"))
    if not found:
        raise top.fault("departements", "", "at least one département", "au moins un département")
    return tuple(found.values())


def _plan(top: Node) -> tuple[tuple[date, float], ...]:
    points: list[tuple[date, float]] = []
    for node in top.nodes("plan"):
        node.only("date", "km2")
        day, km2 = node.day("date"), node.number("km2", above=-1e-9)
        if points and day <= points[-1][0]:
            raise node.fault(
                "date", day, "a later date than before", "une date plus tardive que la précédente"
            )
        if points and km2 < points[-1][1]:
            raise node.fault(
                "km2", km2, "a cumulated surface, which never falls", "une surface cumulée, qui ne baisse pas"
            )
        points.append((day, km2))
    return tuple(points)


def _roles(top: Node) -> tuple[Role, ...]:
    if "roles" not in top:
        return ()
    roles = []
    for name in (node := top.node("roles")).names():
        role = node.node(name)
        role.only("eur_h", "hours")
        source = HoursFrom(role.choice("hours", [kind.value for kind in HoursFrom]))
        if source is HoursFrom.JOURNALS and name not in JOURNALLED_ROLES:
            raise role.fault(
                "hours",
                source.value,
                f"timesheet: lots only know {' and '.join(JOURNALLED_ROLES)}",
                f"timesheet : les lots ne connaissent que {' et '.join(JOURNALLED_ROLES)}",
            )
        roles.append(Role(name, role.number("eur_h"), source))
    return tuple(roles)


def _fixed_costs(top: Node, codes: set[str]) -> tuple[FixedCost, ...]:
    costs = []
    for node in top.nodes("fixed_costs"):
        node.only("label", "eur", "departement")
        code = node.text("departement") if "departement" in node else None
        if code is not None and code not in codes:
            listed = ", ".join(sorted(codes))
            raise node.fault("departement", code, f"one of {listed}", f"l'un des codes {listed}")
        costs.append(FixedCost(node.text("label"), node.number("eur"), code))
    return tuple(costs)


def _subcontractors(top: Node) -> dict[str, str]:
    if "subcontractors" not in top:
        return {}
    node = top.node("subcontractors")
    found: dict[str, str] = {}
    for company in node.names():
        for person in node.texts(company):
            if found.setdefault(person, company) != company:
                raise node.fault(
                    company, person, "a name with one subcontractor", "un nom qui n'a qu'un prestataire"
                )
    return found


def _outlines(top: Node) -> Outlines | None:
    if "outlines" not in top:
        return None
    node = top.node("outlines")
    node.only("file", "layer", "code_column")
    layer = node.text("layer") if "layer" in node else None
    return Outlines(top.path.parent / node.text("file"), layer, node.text("code_column"))


def _targets(top: Node) -> dict[str, float]:
    if "targets" not in top:
        return {}
    node = top.node("targets")
    names = {f"{dimension}_accuracy": dimension for dimension in DIMENSIONS}
    node.only(*names)
    return {dimension: node.share(name) for name, dimension in names.items() if name in node}
