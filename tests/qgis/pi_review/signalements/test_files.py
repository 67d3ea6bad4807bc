# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks from the layers that the service's QGIS plugin exports."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from osgeo import ogr, osr

from inference_backend.contracts.profile import Profile
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.signalement_files import read_signalements
from ocsge_pi_review.adapters.signalement_import import bring_in
from ocsge_pi_review.domain.signalement_errors import SignalementFileError
from ocsge_pi_review.domain.signalement_report import from_report
from tests.qgis.pi_review.signalements.conftest import lon_lat

LON, LAT = 0, 1
FIELDS = (
    "NoSignalement", "Auteur", "Commune", "Insee", "Département", "Département_id", "Date_création",
    "Date_MAJ", "Date_validation", "Thèmes", "Statut", "Message", "Réponses", "URL", "URL_privé", "Document",
    "Autorisation",
)  # fmt: skip
REPLY = (
    "{'author': {'username': 'ign'}, 'content': 'Où ?', 'status': 'pending', "
    "'date': '2026-03-04T10:00:00+01:00'}"
)


def write(path: Path, url: str = "", lambert: bool = False) -> Path:
    """A file as the plugin's layers are exported, one remark with a sketch of two parts."""
    driver = "GeoJSON" if path.suffix == ".geojson" else "GPKG"
    place = lon_lat(60, 60)
    values = (
        101, "mairie", "Arcachon", "33009", "GIRONDE", "33", "2026-03-03 09:00:00", "2026-03-04 09:00:00",
        None, "{'community': 80, 'theme': 'OCS GE', 'attributes': {}}", "submit", "Un <i>hangar</i> manque",
        REPLY,
        url, "", "https://espace.example.org/document/1 https://espace.example.org/document/2", "RW",
    )  # fmt: skip
    sketches = {
        "Croquis_EC_Polygone": f"POLYGON(({place[LON]} {place[LAT]}, {place[LON] + 1e-4} {place[LAT]}, "
        f"{place[LON]} {place[LAT] + 1e-4}, {place[LON]} {place[LAT]}))",
        "Croquis_EC_Ligne": f"LINESTRING({place[LON]} {place[LAT]}, {place[LON] + 1e-4} {place[LAT]})",
    }
    layers = {"Signalement": (FIELDS, values, "POINT({} {})".format(*place))}
    for name, wkt in sketches.items():
        fields = ("NoSignalement", "Nom", "Attributs_croquis", "Lien_objet_BDUNI")
        layers[name] = (fields, (101, "Hangar", "hauteur='6 m'|toit='tôle'", None), wkt)
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(2154 if lambert else 4326)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    degrees = osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    degrees.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    whole = None if driver == "GeoJSON" else ogr.GetDriverByName(driver).CreateDataSource(str(path))
    for name, (fields, row, wkt) in layers.items():
        file = path if name == "Signalement" else path.with_name(f"{name}{path.suffix}")
        dataset = whole or ogr.GetDriverByName(driver).CreateDataSource(str(file))
        layer = dataset.CreateLayer(name, reference, ogr.wkbUnknown)
        for field in fields:
            kind = ogr.OFTInteger64 if field == "NoSignalement" else ogr.OFTString
            layer.CreateField(ogr.FieldDefn(field, kind))
        feature = ogr.Feature(layer.GetLayerDefn())
        for number, value in enumerate(row):
            if value is not None:
                feature.SetField(number, value)
        geometry = ogr.CreateGeometryFromWkt(wkt)
        if lambert:
            geometry.Transform(osr.CoordinateTransformation(degrees, reference))
        feature.SetGeometry(geometry)
        layer.CreateFeature(feature)
        dataset = layer = None
    return path


@pytest.mark.parametrize(("suffix", "lambert"), [(".gpkg", False), (".gpkg", True), (".geojson", False)])
def test_the_plugins_layers_are_read_whole(tmp_path, suffix, lambert):
    (one,) = read_signalements(write(tmp_path / f"export{suffix}", lambert=lambert))
    assert (one.source, one.remote_id, one.author) == (f"export{suffix}", "101", "mairie")
    assert (one.commune, one.departement, one.status) == ("33009", "33", "submit")
    assert one.text == "Un <i>hangar</i> manque"
    assert one.opened_at == "2026-03-03T09:00:00.000Z"
    assert one.theme_names == ("OCS GE",)
    (reply,) = one.reply_list
    assert (reply.author, reply.content, reply.status) == ("ign", "Où ?", "pending")
    assert len(one.attachment_names) == 2
    assert {part["geometry"]["type"] for part in one.parts} == {"Polygon", "LineString"}
    assert one.parts[0]["properties"]["attributes"] == {"hauteur": "6 m", "toit": "tôle"}
    assert (one.x, one.y) == pytest.approx(lon_lat(60, 60), abs=1e-8)


def test_a_file_and_the_service_give_the_same_remark_once(tmp_path, lot_path, server):
    path = write(tmp_path / "export.gpkg", url=f"{server.url}/gcms/api/reports/101")
    profile = Profile.load()
    with closing(GpkgStore(lot_path, "anne")) as store:
        assert bring_in(store, profile, read_signalements(path)).new == ["101"]
        done = bring_in(store, profile, [from_report(server.service.reports[101], server.url)])
        assert (done.new, done.updated) == ([], ["101"])
        assert len(store.signalements.all()) == 1


def test_words_of_a_status_are_read_and_odd_features_left_out(tmp_path):
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": geometry, "properties": properties}
            for geometry, properties in (
                (
                    {"type": "Point", "coordinates": [2, 47]},
                    {"nosignalement": 1, "STATUT": "En cours de traitement"},
                ),
                ({"type": "Point", "coordinates": [2, 47]}, {"nosignalement": None}),
                (None, {"nosignalement": 3, "Thèmes": "__import__('os').system('touch x')"}),
            )
        ],
    }
    path = tmp_path / "remarques.geojson"
    path.write_text(json.dumps(document))
    first, third = read_signalements(path)
    assert (first.status, first.x) == ("pending", 2.0)
    assert (third.remote_id, third.x) == ("3", None)
    assert third.theme_names == ("__import__('os').system('touch x')",), "a text, whatever it looks like"


def test_other_files_are_refused_clearly(tmp_path, lot_path):
    good = write(tmp_path / "bon.gpkg").read_bytes()
    bad = {
        "absent.gpkg": None,
        "vide.gpkg": b"",
        "texte.geojson": b"{",
        "coupe.gpkg": good[:5000],
        "lot.gpkg": lot_path.read_bytes(),
    }
    folder = tmp_path / "mauvais"
    folder.mkdir()
    for name, content in bad.items():
        if content is not None:
            (folder / name).write_bytes(content)
        with pytest.raises(SignalementFileError) as raised:
            read_signalements(folder / name)
        assert name in raised.value.text("fr")
