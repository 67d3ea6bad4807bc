# SPDX-License-Identifier: GPL-2.0-or-later
"""What the algorithms offer, against what the backend takes."""

from __future__ import annotations

import pytest
from qgis.core import QgsProcessingParameterDefinition

INPUTS = {
    "predict": {
        **{"rasters": "RASTERS", "model": "MODEL", "output": "OUTPUT", "aoi": "AREA", "bands": "BANDS"},
        **{"fill": "FILL", "resample": "RESAMPLE", "crs": "CRS", "engine": "ENGINE"},
        **{"overlap_px": "OVERLAP", "blend": "BLEND", "probabilities": "PROBABILITIES"},
        **{"scheduler": "SCHEDULER", "restart": "RESTART"},
    },
    "postprocess": {
        **{"prediction": "PREDICTION", "references": "REFERENCES", "output": "OUTPUT", "name": "NAME"},
        **{"millesime": "MILLESIME", "profile": "PROFILE", "class_table": "CLASS_TABLE", "crs": "CRS"},
        **{"pixel_m": "PIXEL", "workers": "WORKERS", "scheduler": "SCHEDULER", "block_px": "BLOCK"},
        **{"restart": "RESTART", "aoi": "AREA"},
    },
    "import": {
        **{"files": "INPUT", "output": "OUTPUT", "layer": "LAYER", "cs_column": "CS_COLUMN"},
        **{"us_column": "US_COLUMN", "id_column": "ID_COLUMN", "date": "DATE", "mapping": "MAPPING"},
        **{"default_cs": "DEFAULT_CS", "default_us": "DEFAULT_US", "crs": "CRS", "zone": "ZONE"},
        **{"millesime": "MILLESIME", "name": "NAME", "profile": "PROFILE", "overlaps": "OVERLAPS"},
        **{"fill_gaps_m2": "FILL_GAPS", "keep_slivers": "KEEP_SLIVERS", "partition": "PARTITION"},
    },
    "check": {
        **{"path": "INPUT", "layer": "INPUT", "zone": "ZONE", "profile": "PROFILE"},
        **{"cs_column": "CS_COLUMN", "us_column": "US_COLUMN", "partial": "PARTIAL"},
    },
}
"""Input of each process to the parameter that gives it."""
ALGORITHMS = {
    "predict": "predict",
    "postprocess": "postprocess",
    "import": "importlayer",
    "check": "checkconformity",
}
OF_THE_INTERFACE = {"language"}


@pytest.mark.parametrize("process", INPUTS)
def test_every_input_of_the_backend_has_a_parameter(provider, shared_backend, process):
    described = shared_backend.process(process)["inputs"]
    algorithm = provider.algorithm(ALGORITHMS[process])
    parameters = {p.name(): p for p in algorithm.parameterDefinitions()}

    offered = {**INPUTS[process], **dict.fromkeys(OF_THE_INTERFACE, "OUTPUT")}
    assert set(described) <= set(offered), "an input that the algorithm does not offer"
    assert set(INPUTS[process].values()) <= set(parameters)
    optional = QgsProcessingParameterDefinition.Flag.FlagOptional
    for name, entry in described.items():
        parameter = parameters[offered[name]]
        if entry["minOccurs"]:
            assert not parameter.flags() & optional, name
        elif name not in (
            "output",
            "layer",
            "language",
        ):  # QGIS names every output; a layer of a file brings both
            assert parameter.flags() & optional or parameter.defaultValue() is not None, name


def test_every_text_is_there(provider):
    for name in ALGORITHMS.values():
        algorithm = provider.algorithm(name)
        assert len(algorithm.shortHelpString()) > 300
        assert algorithm.shortDescription()
        advanced = QgsProcessingParameterDefinition.Flag.FlagAdvanced
        plain = [p for p in algorithm.parameterDefinitions() if not p.flags() & advanced]
        assert 1 <= len(plain) <= 9, "the form starts with what everybody needs"
