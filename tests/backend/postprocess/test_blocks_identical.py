# SPDX-License-Identifier: GPL-2.0-or-later
"""The same lot whatever the blocks, their number of workers, and where they are worked on."""

import numpy as np
import pyogrio
import pytest

from inference_backend.postprocess.pipeline import postprocess
from inference_backend.quality.conformity import check_layer

from .communes import make_commune

TABLES = ("occupation_sol", "zone_construite", "review_item", "lot")
TIMES = {"created_utc", "lot_uuid", "state_history_json"}
WAYS = {
    "three by three, two workers": {"block_px": 400, "workers": 2},
    "narrow last blocks": {"block_px": 577, "workers": 1},
    "small blocks": {"block_px": 251, "workers": 2},
    "processes of a Dask cluster": {"block_px": 577, "scheduler": "local:2x1"},
}


@pytest.fixture(scope="module")
def commune(tmp_path_factory):
    return make_commune(tmp_path_factory.mktemp("commune"), seed=5)


@pytest.fixture(scope="module")
def one_block(commune, profile, tmp_path_factory):
    output = tmp_path_factory.mktemp("one") / "lot.gpkg"
    postprocess(
        commune.prediction,
        [commune.references],
        output,
        profile=profile,
        millesime="2022",
        block_px=10_000,
        workers=1,
    )
    return output


def rows(path, table):
    """Every value of a table, geometries as bytes; the time of writing and what it names left out."""
    meta, fids, geometry, values = pyogrio.raw.read(path, layer=table, return_fids=True)
    columns = {name: column.tolist() for name, column in zip(meta["fields"], values, strict=True)}
    if table == "lot":
        return {k: v for k, v in zip(columns["key"], columns["value"], strict=True) if k not in TIMES}
    shown = {name: [repr(value) for value in column] for name, column in columns.items()}
    return fids.tolist(), geometry.tolist(), shown


@pytest.mark.parametrize("way", WAYS)
def test_geometries_and_attributes_are_equal(commune, one_block, profile, tmp_path, way):
    output = tmp_path / "lot.gpkg"
    postprocess(
        commune.prediction,
        [commune.references],
        output,
        profile=profile,
        millesime="2022",
        name="lot",
        **WAYS[way],
    )
    for table in TABLES:
        assert rows(output, table) == rows(one_block, table), table
    assert [path.name for path in tmp_path.iterdir()] == ["lot.gpkg"]


def test_the_lot_conforms_and_has_something_of_everything(one_block, profile):
    report = check_layer(one_block, profile=profile)
    assert report.faults == ()
    _, (_, _, columns), (_, _, items) = (rows(one_block, table) for table in ("lot", *TABLES[:1], TABLES[2]))
    assert len(set(columns["code_cs"])) > 4
    assert len(set(columns["code_us"])) > 3
    assert {"0", "1"} == set(columns["ossature"])
    assert len(np.unique(columns["source"])) > 1
    assert len(items["rank"]) > 5
