# SPDX-License-Identifier: GPL-2.0-or-later
"""Every figure of `make bench` that means something by itself or has a bound, in the order of the report."""

from __future__ import annotations

from dataclasses import dataclass

Value = float | int | str | None
Figures = dict[str, Value]


@dataclass(frozen=True)
class Figure:
    """One key of `build/bench.json`.

    Attributes:
        key: name in the file.
        part: the module `bench_<part>.py` that measures it.
        says: what is compared, in words.
        at_least: bound below, None for none.
        at_most: bound above, None for none.
        matrix_units: whether the bound is for processors with matrix units (AMX) alone.
    """

    key: str
    part: str
    says: str
    at_least: float | None = None
    at_most: float | None = None
    matrix_units: bool = False

    @property
    def page(self) -> str:
        """File of `docs/` whose table has it."""
        return "postprocess.md" if self.part.startswith("postprocess") else "backend.md"

    @property
    def bound(self) -> str:
        """The bound as a reader wants it, empty where there is none."""
        below = f"≥ {self.at_least:g}" if self.at_least is not None else ""
        above = f"≤ {self.at_most:g}" if self.at_most is not None else ""
        where = "with matrix units" if self.matrix_units else ""
        return " ".join(part for part in (below, above, where) if part)

    def is_kept(self, value: Value, processor_units: str) -> bool | None:
        """Whether `value` keeps the bound; None without a bound that holds here, or a number.

        Args:
            value: what was measured.
            processor_units: what the processor computes with, as `processor_units` of the figures.
        """
        if not isinstance(value, int | float) or not self.bound:
            return None
        if self.matrix_units and "amx" not in processor_units:
            return None
        above = self.at_least is None or value >= self.at_least
        return above and (self.at_most is None or value <= self.at_most)


FIGURES = (
    Figure(
        "predict_vs_raw_default",
        "raw",
        "predict end to end over the fastest engine with the file as it is on the same tiles, embedded model",
        at_least=0.95,
    ),
    Figure("predict_vs_raw_24m", "raw", "the same, U-Net of 24 M parameters at 512²", at_least=0.95),
    Figure("predict_vs_own_engine_default", "raw", "the same over our own engine alone, embedded model"),
    Figure("predict_vs_own_engine_24m", "raw", "the same over our own engine alone, 24 M"),
    Figure("predict_overlap_cost_default", "raw", "pixels inferred per pixel of the raster, embedded model"),
    Figure("predict_overlap_cost_24m", "raw", "pixels inferred per pixel of the raster, 24 M"),
    Figure("predict_mpx_per_s_default", "raw", "raster pixels a second end to end, embedded model (MPx/s)"),
    Figure("predict_mpx_per_s_24m", "raw", "raster pixels a second end to end, 24 M (MPx/s)"),
    Figure("predict_engine_default", "raw", "engine and precision that `auto` took, embedded model"),
    Figure("predict_engine_24m", "raw", "engine and precision that `auto` took, 24 M"),
    Figure("raw_engine_default", "raw", "fastest engine and precision when all are tried, embedded model"),
    Figure("raw_engine_24m", "raw", "fastest engine and precision when all are tried, 24 M"),
    Figure(
        "predict_vs_deepness_bf16",
        "deepness",
        "Deepness's time over ours, 24 M, OpenVINO in bf16",
        at_least=6,
        matrix_units=True,
    ),
    Figure(
        "predict_vs_deepness_int8",
        "deepness",
        "Deepness's time over ours, 24 M, int8 from `ocsge model quantize`",
        at_least=9,
        matrix_units=True,
    ),
    Figure(
        "predict_vs_deepness_ort",
        "deepness",
        "Deepness's time over ours, 24 M, onnxruntime on the processor in both",
        at_least=1.3,
    ),
    Figure("predict_vs_deepness_auto", "deepness", "Deepness's time over ours, 24 M, engine `auto`"),
    Figure("predict_vs_deepness_ort_raster", "deepness", "as `_ort`, Deepness's polygons not counted"),
    Figure("predict_vs_deepness_int8_raster", "deepness", "as `_int8`, Deepness's polygons not counted"),
    Figure("deepness_s", "deepness", "Deepness, 24 M (s)"),
    Figure("deepness_raster_s", "deepness", "of which until its raster is whole (s)"),
    Figure("deepness_rss_mb", "deepness", "peak memory of Deepness, 24 M (MB)"),
    Figure("predict_null_s_per_km2", "null", "predict with a 1×1 convolution at 0.2 m (s/km²)", at_most=1),
    Figure(
        "predict_null_overhead_s_per_km2",
        "null",
        "the same less the bare engine on the same tiles (s/km²)",
        at_most=1,
    ),
    Figure(
        "predict_null_card_margin_s_per_km2",
        "null",
        "the whole run with the overlap of the card, which networks need that look around (s/km²)",
    ),
    Figure("deepness_null_s_per_km2", "null", "Deepness with the same network and raster (s/km²)"),
    Figure(
        "predict_rss_mb_5000",
        "memory",
        "peak memory of predict with all its processes, 5,000² (MB)",
        at_most=1500,
    ),
    Figure("predict_rss_mb_40000", "memory", "the same, 40,000², three blocks filled (MB)", at_most=1500),
    Figure("predict_rss_ratio", "memory", "the second over the first", at_least=0.9, at_most=1.1),
    Figure(
        "v2_tile_vs_inprocess",
        "v2",
        "a 512² UINT8 tile over V2 binary on loopback over in-process, 24 M",
        at_most=1.2,
    ),
    Figure("v2_scores_vs_inprocess", "v2", "the same, all 19 scores of each pixel coming back as floats"),
    Figure("workers_2_vs_1", "workers", "two local workers of one thread over one, 24 M", at_least=1.7),
    Figure(
        "workers_engine_2_vs_1", "workers", "two bare engines of one thread over one, nothing else at work"
    ),
    Figure("workers_identical", "workers", "pixels of 1 worker, 2 workers and threads equal", at_least=1),
    Figure("kill_restarts", "kill", "predictions killed by kill -9 at a random moment and restarted"),
    Figure("kill_identical", "kill", "of which ended with the pixels of an undisturbed run"),
    Figure(
        "postprocess_vs_gdal_polygonize",
        "postprocess",
        "gdal_polygonize's time over the whole chain's, 10,000² of a model's noise, references included",
        at_least=1,
    ),
    Figure("postprocess_raw_regions", "postprocess", "4-connected regions of equal class in that raster"),
    Figure("postprocess_s", "postprocess", "the whole chain on it (s)"),
    Figure("gdal_polygonize_s", "postprocess", "gdal_polygonize on its classes (s)"),
    Figure("postprocess_cpu_s", "postprocess", "the whole chain on it, all processors together (s)"),
    Figure("gdal_polygonize_cpu_s", "postprocess", "gdal_polygonize on its classes, likewise (s)"),
    Figure("postprocess_rss_mb", "postprocess", "peak memory of the whole chain on it (MB)"),
    Figure("postprocess_polygons", "postprocess", "polygons of the lot"),
    Figure(
        "postprocess_vs_grass",
        "postprocess_grass",
        "r.to.vect + v.clean tool=rmarea + v.generalize's time over ours, 5,000² of a model's noise",
        at_least=8,
    ),
    Figure("grass_s", "postprocess_grass", "that chain (s)"),
    Figure("grass_gaps", "postprocess_grass", "gaps in its polygons"),
    Figure("grass_overlaps", "postprocess_grass", "pairs of them that overlap"),
    Figure("grass_invalid", "postprocess_grass", "invalid ones"),
    Figure("postprocess_gaps", "postprocess_grass", "gaps in ours", at_most=0),
    Figure("postprocess_overlaps", "postprocess_grass", "pairs of ours that overlap", at_most=0),
    Figure("postprocess_invalid", "postprocess_grass", "invalid ones of ours", at_most=0),
    Figure(
        "postprocess_vs_grass_flair",
        "postprocess_grass",
        "GRASS's time over ours, 25 real predictions of FLAIR by sum",
        at_least=8,
    ),
    Figure("postprocess_vs_gdal_polygonize_flair", "postprocess_grass", "gdal_polygonize's, likewise"),
    Figure("postprocess_flair_raw_regions", "postprocess_grass", "raw regions of the 25"),
    Figure("grass_flair_gaps", "postprocess_grass", "gaps in GRASS's polygons, 25 predictions"),
    Figure("grass_flair_overlaps", "postprocess_grass", "pairs of them that overlap"),
    Figure("grass_flair_invalid", "postprocess_grass", "invalid ones"),
    Figure("postprocess_flair_gaps", "postprocess_grass", "gaps in ours, 25 predictions", at_most=0),
    Figure("postprocess_flair_overlaps", "postprocess_grass", "pairs of ours that overlap", at_most=0),
    Figure("postprocess_flair_invalid", "postprocess_grass", "invalid ones of ours", at_most=0),
    Figure("postprocess_s_per_km2_1", "postprocess_scale", "the whole chain on 1 km² (s/km²)"),
    Figure("postprocess_s_per_km2_100", "postprocess_scale", "the same on 100 km² (s/km²)"),
    Figure("postprocess_cpu_s_per_km2_1", "postprocess_scale", "processor seconds on 1 km² (s/km²)"),
    Figure("postprocess_cpu_s_per_km2_100", "postprocess_scale", "processor seconds on 100 km² (s/km²)"),
    Figure(
        "postprocess_growth_s_per_km2",
        "postprocess_scale",
        "the second over the first; the start of the command weighs on 1 km²",
        at_most=1.15,
    ),
    Figure("postprocess_rss_mb_1", "postprocess_scale", "peak memory on 1 km² (MB)"),
    Figure("postprocess_rss_mb_100", "postprocess_scale", "peak memory on 100 km² (MB)"),
    Figure("postprocess_growth_rss", "postprocess_scale", "the second over the first", at_most=1.15),
    Figure(
        "postprocess_hours_departement",
        "postprocess_scale",
        "6,000 km² if time grew on as from 1 to 100 km² (h)",
    ),
    Figure("postprocess_rss_gb_departement", "postprocess_scale", "its peak memory, likewise (GB)"),
    Figure(
        "blocks_identical",
        "postprocess_blocks",
        "lots of 1 and 2 workers and of three tilings equal, geometries and attributes",
        at_least=1,
    ),
)
