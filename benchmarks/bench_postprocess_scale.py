# SPDX-License-Identifier: GPL-2.0-or-later
"""Cost per km² and peak memory of post-processing at 1 and at 100 km² of repeated communes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import lots, mosaic, timing
from benchmarks.figures import Figures

SMALL_KM, LARGE_KM, QUICK_KM = 1, 10, 3
DEPARTEMENT_KM2 = 6000


def measure() -> Iterator[Figures]:
    large_km = QUICK_KM if timing.is_quick() else LARGE_KM
    with tempfile.TemporaryDirectory() as name:
        folder, tiles = Path(name), mosaic.scenes()
        small = _territory(folder / "small", SMALL_KM, tiles)
        lots.run(*small)  # compiles once and fills numba's cache
        runs = [lots.run(*small) for _ in range(timing.rounds())]
        one_s = timing.median([run.seconds for run in runs])
        one_mb = max(run.rss_mb for run in runs)
        yield {
            "postprocess_s_per_km2_1": one_s,
            "postprocess_cpu_s_per_km2_1": timing.median([run.cpu_s for run in runs]),
            "postprocess_rss_mb_1": one_mb,
        }
        large = _territory(folder / "large", large_km, tiles)
        run = lots.run(*large)
        per_km2 = round(run.seconds / large_km**2, 3)
        yield {
            "postprocess_s_per_km2_100": per_km2,
            "postprocess_cpu_s_per_km2_100": round(run.cpu_s / large_km**2, 3),
            "postprocess_rss_mb_100": run.rss_mb,
            "postprocess_s_100": run.seconds,
            "postprocess_km2_large": large_km**2,
            "postprocess_polygons_100": lots.polygons(large[2]),
            "postprocess_growth_s_per_km2": round(per_km2 / one_s, 3),
            "postprocess_growth_rss": round(run.rss_mb / one_mb, 3),
            **_extrapolated(per_km2, (run.rss_mb - one_mb) / (large_km**2 - SMALL_KM**2), one_mb),
        }


def _extrapolated(s_per_km2: float, mb_per_km2: float, one_mb: float) -> Figures:
    """What a département would take if time and memory grew as they do from the small to the large run."""
    return {
        "postprocess_hours_departement": round(s_per_km2 * DEPARTEMENT_KM2 / 3600, 2),
        "postprocess_rss_gb_departement": round((one_mb + mb_per_km2 * DEPARTEMENT_KM2) / 1024, 1),
    }


def _territory(folder: Path, side_km: int, tiles: list) -> tuple[Path, list[Path], Path]:
    folder.mkdir()
    prediction = mosaic.write_prediction(folder / "prediction.vrt", side_km, tiles)
    references = mosaic.write_references(folder / "references", side_km, tiles)
    return prediction, [references], folder / "lot.gpkg"
