# SPDX-License-Identifier: GPL-2.0-or-later
"""A control of a made lot: confusions drawn with a seed, figures reckoned from them, texts that bite."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from inference_backend.contracts.control_report import (
    Agreement,
    Assessment,
    ControlReport,
    Decision,
    Estimate,
    FoundError,
    Test,
    Verdict,
)
from inference_backend.contracts.profile import Profile

HOSTILE = (
    '<script>document.title="bitten"</script><img src=x onerror="document.title=1"> =HYPERLINK("x") ne va pas'
)
COVERS = ("CS1.1.1.1", "CS1.1.1.2", "CS1.1.2.1", "CS1.2.2", "CS2.1.1.1", "CS2.1.1.2", "CS2.1.2", "CS2.2.1")
USES = ("US1.1", "US1.2", "US2", "US3", "US4.1.1", "US5", "US6.3")
AREA_M2 = 84_250_000.0
BOX = (652_000.0, 6_862_000.0, 661_500.0, 6_870_900.0)


def wilson(right: float, units: int) -> Estimate:
    """A share with Wilson's interval."""
    if not units:
        return Estimate(None, None, None, None, 0)
    z, scale = 1.96, 1 + 1.96**2 / units
    centre = (right + z**2 / (2 * units)) / scale
    half = z * math.sqrt(right * (1 - right) / units + z**2 / (4 * units**2)) / scale
    error = math.sqrt(right * (1 - right) / units)
    return Estimate(right, error, max(0.0, centre - half), min(1.0, centre + half), units)


def drawn(codes: Sequence[str], units: int, accuracy: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Delivered and controlled code of each unit, as places in `codes`."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(len(codes), 2.0))
    delivered = rng.choice(len(codes), units, p=shares)
    wrong = rng.random(units) > accuracy
    step = rng.choice([-1, 1], units)
    return delivered, np.where(wrong, (delivered + step) % len(codes), delivered)


def assessment(
    dimension: str,
    by: str,
    level: int,
    codes: Sequence[str],
    pairs: tuple[np.ndarray, np.ndarray],
    weights: np.ndarray,
) -> Assessment:
    """Estimates of a random sample, each unit with its weight."""
    rows, columns = pairs
    raw = np.zeros((len(codes), len(codes)), dtype=int)
    np.add.at(raw, (rows, columns), 1)
    matrix = np.zeros(raw.shape)
    np.add.at(matrix, (rows, columns), weights / weights.sum())
    whole = AREA_M2 if by == "area" else 48_210.0
    users = {c: wilson(_part(matrix[i, i], matrix[i].sum()), int(raw[i].sum())) for i, c in enumerate(codes)}
    producers = {
        c: wilson(_part(matrix[i, i], matrix[:, i].sum()), int(raw[:, i].sum())) for i, c in enumerate(codes)
    }
    f1 = {c: _f1(users[c].value, producers[c].value) for c in codes}
    areas = {}
    for i, code in enumerate(codes):
        share = wilson(float(matrix[:, i].sum()), len(rows))
        parts = (share.value, share.standard_error, share.low, share.high)
        areas[code] = Estimate(*(None if v is None else v * whole for v in parts), share.units)
    mapped = {code: float(matrix[i].sum()) * whole for i, code in enumerate(codes)}
    return Assessment(
        dimension, level, by, tuple(codes), tuple(map(tuple, raw.tolist())), tuple(map(tuple, matrix.tolist())),
        wilson(float(np.trace(matrix)), len(rows)), users, producers, f1, areas, mapped,
        "Horvitz-Thompson" if by == "area" else "stratifié", "Olofsson et al. 2014, Remote Sensing of Environment 148",
    )  # fmt: skip


def _part(right: float, whole: float) -> float:
    return float(right / whole) if whole else 0.0


def _f1(users: float | None, producers: float | None) -> float | None:
    return 2 * users * producers / (users + producers) if users and producers else None


def made_report(verdict: Verdict = Verdict.REJECTED, units: int = 420, seed: int = 3) -> ControlReport:
    """A whole report."""
    rng = np.random.default_rng(seed)
    cs, us = drawn(COVERS, units, 0.93, seed), drawn(USES, units, 0.80, seed + 1)
    areas = rng.lognormal(7.5, 1.2, units)
    assessments = []
    for dimension, codes, pairs in (("cs", COVERS, cs), ("us", USES, us)):
        for by, weights in (("count", np.ones(units)), ("area", areas)):
            assessments.append(assessment(dimension, by, 0, codes, pairs, weights))
            tops = [code.split(".")[0] for code in codes]
            tops = list(dict.fromkeys(tops))
            up = np.array([tops.index(code.split(".")[0]) for code in codes])
            assessments.append(assessment(dimension, by, 1, tops, (up[pairs[0]], up[pairs[1]]), weights))
    both = (cs[0] == cs[1]) & (us[0] == us[1])
    for by, weights in (("count", np.ones(units)), ("area", areas)):
        right = (np.zeros(units, int), np.where(both, 0, 1))
        assessments.append(assessment("joint", by, 0, ("right", "wrong"), right, weights))
    errors = []
    for place in np.flatnonzero(~both):
        kinds = [k for k, p in (("cover", cs), ("use", us)) if p[0][place] != p[1][place]]
        kinds += ["omission"] if rng.random() < 0.06 else []
        errors.append(
            FoundError(
                int(place) + 1,
                f"OCSGE0000{place:06d}",
                tuple(kinds),
                COVERS[cs[0][place]],
                COVERS[cs[1][place]],
                USES[us[0][place]],
                USES[us[1][place]],
                float(areas[place]),
                float(rng.uniform(BOX[0], BOX[2])),
                float(rng.uniform(BOX[1], BOX[3])),
                HOSTILE if len(errors) == 2 else "",
            )  # fmt: skip
        )
    errors.append(
        FoundError(units + 1, "OCSGE0000999999", ("geometry",), COVERS[0], COVERS[0], USES[0], None, 812.0,
            BOX[0] + 900, BOX[1] + 900, "limite décalée de 12 m"))  # fmt: skip
    kinds = {
        kind: sum(kind in error.kinds for error in errors)
        for kind in ("cover", "use", "omission", "geometry")
    }
    return ControlReport(
        control_id="2f0f8a3e-0000-4000-8000-5f1f8f9f0a01",
        lot={"name": "D034_lot_07 <Bitterrois>", "lot_uuid": "u", "assigned_to": "Géo & Sud", "millesime": "2024",
            "profile": "ocsge-2.0", "polygons": 48_210, "area_m2": AREA_M2, "crs": "EPSG:2154", "fingerprint": "a4" * 32,
            "path": "D034_lot_07.gpkg"},
        design={"unit": "polygon", "draw": "random", "strata_by": "cover", "allocation": "share", "share": 0.01,
            "full_below": 12, "second_share": 0.1, "seed": 20261121, "surface": "projected", "exclude_skeleton": True,
            "exclude_above_m2": 1e6, "drawn_utc": "2026-11-03T08:12:00+00:00", "drawn_by": "M. Vidal"},
        strata=tuple({"name": code, "units": 6000 - 500 * i, "area_m2": AREA_M2 / 8, "drawn": 52} for i, code in enumerate(COVERS)),
        answers={"asked": units + 12, "answered": units, "cannot_say_cs": 3, "cannot_say_us": 9,
            "controllers": ["A. Besson", "C. Delmas"], "duration_s": 25_640.0},
        conformity={"conform": True, "faults": [], "gaps": 0, "overlaps": 0, "invalid": 0, "multipart": 0,
            "under_threshold": 0, "unknown_codes": {}, "null_codes": 0, "duplicate_ids": 0},
        assessments=tuple(assessments),
        agreements=(Agreement("cs", 42, wilson(0.952, 42), 0.94, 0.86, 0.99), Agreement("us", 42, wilson(0.857, 42), 0.82, 0.69, 0.94)),
        errors=tuple(errors),
        error_kinds=kinds,
        decision=made_decision(verdict, assessments),
        history=(
            {"lot": "D034_lot_05", "verdict": "accepted", "signed_utc": "2026-09-12T10:00:00+00:00", "severity": "normal", "errors": 31, "units": 400},
            {"lot": "D034_lot_06", "verdict": "rejected", "signed_utc": "2026-10-14T10:00:00+00:00", "severity": "normal", "errors": 72, "units": 410},
        ),
        software_version="0.7.0",
    )  # fmt: skip


def made_decision(verdict: Verdict, assessments: Sequence[Assessment]) -> Decision:
    """Contract conditions on the leaves, by count, decided on the estimate's interval."""
    tests = [Test("conformity", True)]
    for found in assessments:
        if found.level or found.by != "count" or found.dimension == "joint":
            continue
        asked, o = (0.9 if found.dimension == "cs" else 0.85), found.overall
        plan = made_curve(o.units, asked)
        risks = {"size": o.units, "accept": int(o.units * (1 - asked)), "curve": plan, "agreed_quality": asked + 0.03,
            "producer_risk": 0.081, "limiting_quality": asked - 0.05, "consumer_risk": 0.004}  # fmt: skip
        detail = {"low": o.low, "high": o.high, "units": o.units, "by": "count", "decided_on": "both"}
        passed = True if o.low >= asked else False if o.high < asked else None
        tests.append(
            Test(
                f"contract_{found.dimension}_overall",
                passed,
                found.dimension,
                asked,
                o.value,
                {**detail, **risks},
            )
        )
        for code, user in found.users.items():
            passed = None if user.units < 15 else user.high >= 0.85
            detail = {
                "low": user.low,
                "high": user.high,
                "units": user.units,
                "by": "count",
                "decided_on": "high",
            }
            tests.append(Test(f"contract_{found.dimension}_class", passed, code, 0.85, user.value, detail))
    order = {False: 0, None: 1, True: 2}
    tests.sort(key=lambda test: order[test.passed])
    signed = ("", "") if verdict is Verdict.UNDECIDED else ("Claire Marchand", "2026-11-20T15:42:00+00:00")
    return Decision(
        verdict,
        "contract",
        tuple(tests),
        0.081,
        0.004,
        (),
        "",
        *signed,
        comment="Reprise de l'usage demandée.",
    )


def made_curve(units: int, asked: float) -> tuple[tuple[float, float], ...]:
    """Normal approximation of an operating characteristic."""
    curve = []
    for share in np.linspace(0.0, 0.3, 61).tolist():
        spread = math.sqrt(max(share * (1 - share), 1e-6) / units)
        curve.append((share, 0.5 * math.erfc((share - (1 - asked)) / spread / math.sqrt(2))))
    return tuple(curve)


def nomenclature():
    """That of the shipped profile."""
    return Profile.load("ocsge-2.0").nomenclature
