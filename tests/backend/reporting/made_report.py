# SPDX-License-Identifier: GPL-2.0-or-later
"""A control of a made lot: codes drawn with a seed, judged by the real estimators and rules."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np

from inference_backend.contracts.control import ControlDesign, Stratum
from inference_backend.contracts.control_report import ControlReport, Decision, FoundError, Verdict
from inference_backend.contracts.profile import Profile
from inference_backend.control.assessing import assessments_of
from inference_backend.quality.acceptance.contract import ContractRule, DecidedOn, Thresholds, contract_tests
from inference_backend.quality.acceptance.verdict import decision_of
from inference_backend.quality.estimation.agreement import agreement
from inference_backend.quality.estimation.types import UNSAID, Population, Units

HOSTILE = '<script>document.title="bitten"</script><img src=x onerror="document.title=1"> =HYPERLINK("x")'
COVERS = (
    *("CS1.1.1.1", "CS1.1.1.2", "CS1.1.2.1", "CS1.2.2"),
    *("CS2.1.1.1", "CS2.1.1.2", "CS2.1.2", "CS2.2.1"),
)
USES = ("US1.1", "US1.2", "US2", "US3", "US4.1.1", "US5", "US6.3")
POLYGONS, AREA_M2 = 48_210, 84_250_000.0
BOX = (652_000.0, 6_862_000.0, 661_500.0, 6_870_900.0)
RULE = ContractRule(
    {"cs": Thresholds(0.9, 0.85), "us": Thresholds(0.85, 0.8)}, DecidedOn.LOW, DecidedOn.HIGH, 15, 0.95, 0.85
)


def drawn(codes, units, accuracy, unsaid, seed):
    """Delivered and controlled code of each unit; a few cannot be said."""
    rng = np.random.default_rng(seed)
    delivered = rng.choice(len(codes), units, p=rng.dirichlet(np.full(len(codes), 2.0)))
    step = np.where(rng.random(units) > accuracy, rng.choice([-1, 1], units), 0)
    seen = np.array(codes)[(delivered + step) % len(codes)]
    seen[rng.random(units) < unsaid] = UNSAID
    return np.array(codes)[delivered], seen


def made_report(
    verdict: Verdict | None = None,
    units: int = 420,
    *,
    accuracy: tuple[float, float] = (0.95, 0.82),
    unsaid: float = 0.01,
    seed: int = 3,
) -> ControlReport:
    """A whole report; the rules decide unless `verdict` does."""
    rng = np.random.default_rng(seed)
    map_cs, cs = drawn(COVERS, units, accuracy[0], unsaid, seed)
    map_us, us = drawn(USES, units, accuracy[1], unsaid, seed + 1)
    names, counts = np.unique(map_cs, return_counts=True)
    sizes = {name: int(POLYGONS * count / units) for name, count in zip(names, counts, strict=True)}
    chance = np.array([counts[names == code][0] / sizes[code] for code in map_cs])
    areas = rng.lognormal(6.6, 1.2, units)
    strata = tuple(
        Stratum(str(n), sizes[n], AREA_M2 * c / units, int(c)) for n, c in zip(names, counts, strict=True)
    )
    profile = Profile.load("ocsge-2.0")
    leaves = [tuple(code.code for code in profile.nomenclature.leaves(d)) for d in ("cs", "us")]
    sample = Units(map_cs, chance, areas, map_cs, map_us, cs, us)
    design = ControlDesign(size=units, seed=20261121, exclude_above_m2=1e6)
    found = assessments_of(
        sample, Population(strata, covers=leaves[0], uses=leaves[1]), design, profile.nomenclature
    )
    errors = tuple(_errors(sample, rng))
    kinds = {kind: sum(kind in e.kinds for e in errors) for kind in ("cover", "use", "omission", "geometry")}
    seen = [entry for entry in found if entry.level == 0 and entry.by == "count"]
    decision = decision_of("contract", contract_tests(seen, RULE, POLYGONS))
    twice = slice(0, units // 10)
    return ControlReport(
        control_id="2f0f8a3e-0000-4000-8000-5f1f8f9f0a01",
        lot=_lot(),
        design={**design.to_dict(), "drawn_utc": "2026-11-03T08:12:00+00:00", "drawn_by": "M. Vidal"},
        strata=tuple(asdict(stratum) for stratum in strata),
        answers=_answers(sample),
        conformity={
            "conform": True,
            "faults": [],
            "gaps": 0,
            "overlaps": 0,
            "invalid": 0,
            "unknown_codes": {},
        },
        assessments=found,
        agreements=tuple(
            agreement(np.array(a)[twice], np.array(b)[twice], d)
            for a, b, d in ((cs, map_cs, "cs"), (us, map_us, "us"))
        ),
        errors=errors,
        error_kinds=kinds,
        decision=_signed(decision, verdict),
        history=(_past("D034_lot_05", "accepted", 31), _past("D034_lot_06", "rejected", 72)),
        software_version="0.7.0",
    )


def _errors(sample, rng):
    for place in range(len(sample)):
        pairs = (("cover", sample.map_cs, sample.control_cs), ("use", sample.map_us, sample.control_us))
        kinds = [kind for kind, given, seen in pairs if seen[place] != UNSAID and given[place] != seen[place]]
        answered = UNSAID not in (sample.control_cs[place], sample.control_us[place])
        kinds += ["omission"] if answered and rng.random() < 0.01 else []
        kinds += ["geometry"] if answered and place == 7 else []
        if kinds:
            xy = rng.uniform(BOX[:2], BOX[2:])
            codes = [column[place] for pair in pairs for column in pair[1:]]
            cs, seen_cs, us, seen_us = (str(code) or None for code in codes)
            comment = HOSTILE if place == 7 else "limite décalée de 12 m" if "omission" in kinds else ""
            yield FoundError(
                place + 1, f"OCSGE0000{place:06d}", tuple(kinds), cs, seen_cs, us, seen_us,
                float(sample.area_m2[place]), *xy.tolist(), comment,
            )  # fmt: skip


def _lot():
    return {
        "name": "D034_lot_07 <Bitterrois>",
        "lot_uuid": "u",
        "assigned_to": "Géo & Sud",
        "millesime": "2024",
        "profile": "ocsge-2.0 1",
        "polygons": POLYGONS,
        "area_m2": AREA_M2,
        "crs": "EPSG:2154",
        "fingerprint": "a4" * 32,
        "path": "D034_lot_07.gpkg",
        "mapped": [],
    }


def _answers(sample):
    return {
        "asked": len(sample),
        "answered": len(sample),
        "cannot_say_cs": int((sample.control_cs == UNSAID).sum()),
        "cannot_say_us": int((sample.control_us == UNSAID).sum()),
        "controllers": ["A. Besson", "C. Delmas"],
        "duration_s": 25_640.0,
    }


def _past(lot, verdict, errors):
    signed = "2026-09-12T10:00:00+00:00"
    return {
        "lot": lot,
        "verdict": verdict,
        "signed_utc": signed,
        "severity": "",
        "errors": errors,
        "units": 400,
    }


def _signed(decision: Decision, verdict: Verdict | None) -> Decision:
    verdict = verdict or decision.verdict
    if verdict is Verdict.UNDECIDED:
        return replace(decision, verdict=verdict)
    when = "2026-11-20T15:42:00+00:00"
    words = "Reprise de l'usage demandée."
    return replace(decision, verdict=verdict, signed_by="Claire Marchand", signed_utc=when, comment=words)


def nomenclature():
    """That of the shipped profile."""
    return Profile.load("ocsge-2.0").nomenclature
