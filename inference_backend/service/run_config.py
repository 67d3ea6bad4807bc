# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole chain's settings: from one TOML file, or from the inputs of the process `run`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inference_backend.contracts.profile import DEFAULT_PROFILE
from inference_backend.predict.inputs.source_policy import EVERYTHING, SourcePolicy
from inference_backend.predict.inputs.sources import parse_source
from inference_backend.service import input_schemas, schema
from inference_backend.service.input_errors import UnreadableConfigError

if TYPE_CHECKING:
    from inference_backend.predict.options import PredictOptions

EXAMPLE = """\
# ocsge run this-file.toml
# Paths are relative to this file. / Les chemins sont relatifs à ce fichier.
output = "result"                 # folder / dossier
millesime = "2022"                # year of the ortho-image / année de l'ortho-image
name = "My commune"
rasters = ["ortho.tif", "height.tif"]
references = ["bdtopo.gpkg", "rpg.gpkg", "bdforet.gpkg"]

# Below: only what differs from the defaults. / Ci-dessous : seulement ce qui diffère des valeurs par défaut.
# profile = "ocsge-2.0"
# model = "model.onnx"
# engine = "auto"
# crs = "EPSG:2154"               # stands in for the rasters' own / à la place de celui des rasters
# resample = true                 # bring to the model's resolution / ramener à la résolution du modèle
# aoi = "commune.gpkg"            # area of interest / zone d'intérêt
# overlap_px = 64                 # margin of a tile / marge d'une tuile
# blend = true                    # mix neighbouring tiles / mélanger les tuiles voisines
# probabilities = true            # of every class / de chaque classe
# scheduler = "tcp://host:8786"   # Dask cluster / grappe Dask
# check = false

# [bands]                         # where descriptions do not tell / si les descriptions ne le disent pas
# red = "rgb.tif:1"
# nir = "irc.tif:1"

# [fill]                          # constant for a missing band / constante pour une bande absente
# height = 0
"""


@dataclass(frozen=True)
class RunConfig:
    """Settings of the whole chain, every path absolute.

    Attributes:
        rasters: files or addresses that together hold the model's bands.
        output: folder of the results.
        millesime: year of the ortho-image, four digits.
        name: of the lot; the folder's name by default.
        profile: name or folder of a profile.
        model: ONNX file, None for the project's own.
        engine: `auto` or the name of an engine.
        bands: band name to (file, 1-based index).
        fill: band name to the constant that stands for it.
        resample: bring the rasters to the model's resolution.
        crs: stands in for the rasters' own, None to keep it.
        aoi: vector file of the area of interest, None for the whole raster.
        overlap_px: margin of a tile, px; None for the card's.
        blend: mix the scores of neighbouring tiles.
        probabilities: also write the probability of every class.
        scheduler: address of a Dask scheduler, empty for this machine.
        references: vector files.
        check: whether to check the result.
    """

    rasters: tuple[str, ...]
    output: Path
    millesime: str
    name: str = ""
    profile: str = DEFAULT_PROFILE
    model: Path | None = None
    engine: str = "auto"
    bands: dict[str, tuple[str, int]] = field(default_factory=dict)
    fill: dict[str, float] = field(default_factory=dict)
    resample: bool = False
    crs: str | None = None
    aoi: Path | None = None
    overlap_px: int | None = None
    blend: bool = False
    probabilities: bool = False
    scheduler: str = ""
    references: tuple[Path, ...] = ()
    check: bool = True

    @property
    def prediction(self) -> Path:
        """Where the prediction goes."""
        return self.output / "prediction.tif"

    @property
    def lot(self) -> Path:
        """Where the lot goes."""
        return self.output / "lot.gpkg"

    def predict_options(self, policy: SourcePolicy = EVERYTHING) -> PredictOptions:
        """What the prediction is asked for."""
        from inference_backend.predict.inputs.band_sources import BandChoice
        from inference_backend.predict.options import PredictOptions

        return PredictOptions(
            engine=self.engine,
            choice=BandChoice(self.bands, self.fill),
            resample=self.resample,
            crs=self.crs,
            aoi=self.aoi,
            overlap_px=self.overlap_px,
            blend=self.blend,
            probabilities=self.probabilities,
            scheduler=self.scheduler,
            policy=policy,
        )

    @classmethod
    def from_inputs(cls, inputs: dict[str, Any]) -> RunConfig:
        """From inputs that were checked and whose paths are absolute."""
        values = dict(inputs)
        values["rasters"] = tuple(inputs["rasters"])
        values["references"] = tuple(map(Path, inputs.get("references", ())))
        values["output"] = Path(inputs["output"])
        values["millesime"] = str(inputs["millesime"])
        values["name"] = inputs.get("name") or Path(inputs["output"]).name
        values["model"] = Path(inputs["model"]) if inputs.get("model") else None
        values["aoi"] = Path(inputs["aoi"]) if inputs.get("aoi") else None
        values["bands"] = parse_bands(inputs.get("bands", {}))
        values["fill"] = {band: float(value) for band, value in inputs.get("fill", {}).items()}
        return cls(**values)


def parse_bands(bands: dict[str, str]) -> dict[str, tuple[str, int]]:
    """Band name to (file, index), from checked texts `file:index`."""
    parsed = {}
    for name, text in bands.items():
        file, _, index = text.rpartition(":")
        parsed[name] = (file, int(index))
    return parsed


def read_run_config(path: Path) -> RunConfig:
    """Read and check a TOML file.

    Raises:
        ConfigError: unreadable, an unknown or missing key, or a bad value; says which and what to do.
    """
    try:
        with path.open("rb") as file:
            values = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UnreadableConfigError(path=path, reason=reason) from error
    schema.check(values, input_schemas.RUN_FILE, str(path))
    folder = path.resolve().parent

    def absolute(text: str, key: str, kind: str) -> str:
        if kind in ("name", "address", "crs") or (kind == "raster" and parse_source(text).kind != "file"):
            return text
        return str(folder / Path(text).expanduser())

    return RunConfig.from_inputs(input_schemas.map_paths(values, input_schemas.RUN, absolute))
