# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that are damaged, or made to harm: refused with a sentence, before anything else is opened or run."""

from __future__ import annotations

import builtins
import contextlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from inference_backend.cli.main import main
from inference_backend.errors import ModelError
from inference_backend.models.errors import (
    BadModelValueError,
    BadSidecarError,
    ExternalWeightsError,
    FalseTensorError,
    HugeTensorError,
    OutsideWeightsError,
    StaleSidecarError,
    UnreadableModelError,
    UnsupportedModelError,
)
from inference_backend.models.export import open_for_export
from inference_backend.models.reader import read_model
from inference_backend.models.shapes import MAX_TENSOR_ENVIRONMENT
from inference_backend.models.stac_write import stac_item

from . import onnx_kinds as kinds
from .onnx_files import brightest_band, card, write_conv_model


def whole(path: Path) -> Path:
    return write_conv_model(path, brightest_band(), card())


def changed(path: Path, change) -> Path:
    model = onnx.load(str(whole(path)))
    change(model)
    path.write_bytes(model.SerializeToString())
    return path


def empty(path):
    path.write_bytes(b"")
    return path


def web_page(path):
    path.write_text("<html>404</html>")
    return path


def truncated(path):
    content = whole(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def folder(path):
    path.mkdir()
    return path


def no_opset(path):
    return changed(path, lambda model: model.ClearField("opset_import"))


def no_network(path):
    return changed(path, lambda model: model.ClearField("graph"))


def unknown_version(path):
    return changed(path, lambda model: setattr(model, "ir_version", 999))


def cycle(path):
    def make(model):
        model.graph.node.append(helper.make_node("Relu", ["scores"], ["image2"]))
        model.graph.node[0].input[0] = "image2"

    return changed(path, make)


def name_of_bytes(path):
    content = whole(path).read_bytes().replace(b"Conv", b"\xff\xfe\xfd\xfc")
    path.write_bytes(content)
    return path


def metadata_of_bytes(path):
    write_conv_model(path, brightest_band(), None, props={"class_names": "XXXXXX"})
    path.write_bytes(path.read_bytes().replace(b"XXXXXX", b"\xe9t\xe9\xff\xfeZ"))
    return path


def outside_weights(path, location="../../../../etc/passwd"):
    def make(model):
        tensor = model.graph.initializer[0]
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value=location)

    return changed(path, make)


def more_than_it_holds(path):
    return changed(path, lambda model: model.graph.initializer[0].dims.__setitem__(0, 10**9))


def overflowing_sizes(path):
    def make(model):
        del model.graph.initializer[0].dims[:]
        model.graph.initializer[0].dims.extend([2**62, 2**62, 4, 1])

    return changed(path, make)


def negative_size(path):
    return changed(path, lambda model: model.graph.initializer[0].dims.__setitem__(0, -3))


def false_constant(path):
    """The lie is in a subgraph's attribute and not among the weights."""

    def make(model):
        tensor = numpy_helper.from_array(np.ones(4, np.float32), "lie")
        tensor.dims[0] = 10**12
        model.graph.node.append(helper.make_node("Constant", [], ["unused"], value=tensor))

    return changed(path, make)


def unknown_operator(path):
    return changed(path, lambda model: setattr(model.graph.node[0], "domain", "com.example"))


def bomb(path, nodes, constants):
    scores = kinds.value("scores", ["N", 3, kinds.TILE, kinds.TILE])
    last = helper.make_node("ReduceMax", ["big"], ["m"], keepdims=0)
    add = helper.make_node("Add", ["image", "m"], ["scores"])
    props = {"ocsge_card": json.dumps(card().to_dict())}
    return kinds.save(path, [*nodes, last, add], [kinds.image()], [scores], constants, props)


def expand_bomb(path):
    shape = kinds.weights(np.array([10**6, 3, kinds.TILE, kinds.TILE]), "shape")
    return bomb(path, [helper.make_node("Expand", ["image", "shape"], ["big"])], [shape])


def constant_bomb(path):
    shape = kinds.weights(np.array([1, 1, 10**6, 10**6]), "shape")
    return bomb(path, [helper.make_node("ConstantOfShape", ["shape"], ["big"])], [shape])


def computed_bomb(path):
    """Its size is the image's, times something: only known once the tile is."""
    factor = kinds.weights(np.array([1, 1, 2000, 2000]), "factor")
    nodes = [
        helper.make_node("Shape", ["image"], ["size"]),
        helper.make_node("Mul", ["size", "factor"], ["larger"]),
        helper.make_node("ConstantOfShape", ["larger"], ["big"]),
    ]
    return bomb(path, nodes, [factor])


def range_bomb(path):
    constants = [kinds.weights(np.array(n), name) for n, name in ((0, "a"), (10**12, "b"), (1, "c"))]
    nodes = [
        helper.make_node("Range", ["a", "b", "c"], ["r"]),
        helper.make_node("Cast", ["r"], ["big"], to=1),
    ]
    return bomb(path, nodes, constants)


def doubling_bomb(path):
    """Forty times twice as long."""
    nodes = [helper.make_node("Shape", ["image"], ["s0"])]
    nodes += [helper.make_node("Concat", [f"s{i}", f"s{i}"], [f"s{i + 1}"], axis=0) for i in range(40)]
    return bomb(path, [*nodes, helper.make_node("Cast", ["s40"], ["big"], to=1)], [])


BAD = [
    (empty, UnreadableModelError, "empty"),
    (web_page, UnreadableModelError, "not an ONNX file"),
    (truncated, UnreadableModelError, "truncated"),
    (folder, UnreadableModelError, "not a file"),
    (no_opset, UnreadableModelError, "opset_import"),
    (no_network, UnreadableModelError, "no network"),
    (unknown_version, UnreadableModelError, "999"),
    (cycle, UnreadableModelError, "sorted"),
    (name_of_bytes, UnreadableModelError, "UTF-8"),
    (metadata_of_bytes, UnreadableModelError, "class_names"),
    (outside_weights, ExternalWeightsError, "etc/passwd"),
    (more_than_it_holds, FalseTensorError, "3000000000"),
    (overflowing_sizes, FalseTensorError, str(2**126)),
    (negative_size, UnreadableModelError, "-3"),
    (false_constant, FalseTensorError, "lie"),
    (unknown_operator, UnsupportedModelError, "com.example.Conv"),
    (expand_bomb, HugeTensorError, "Expand"),
    (constant_bomb, HugeTensorError, "ConstantOfShape"),
    (computed_bomb, HugeTensorError, "ConstantOfShape"),
    (range_bomb, HugeTensorError, "Range"),
    (doubling_bomb, HugeTensorError, "Concat"),
]


@pytest.mark.parametrize(("make", "error", "named"), BAD, ids=[row[0].__name__ for row in BAD])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_bad_file_is_refused_with_a_sentence(make, error, named, language, tmp_path, capsys):
    path = make(tmp_path / "model.onnx")
    with pytest.raises(error):
        read_model(path)
    assert main(["--lang", language, "model", "describe", str(path)]) == 2
    said = capsys.readouterr().err
    assert str(path) in said
    assert "Traceback" not in said
    if language == "en":
        assert named in said


def test_no_other_file_is_opened_before_the_check(tmp_path, monkeypatch):
    secret = tmp_path / "secret.bin"
    secret.write_bytes(bytes(36))
    (tmp_path / "models").mkdir()
    path = outside_weights(tmp_path / "models" / "m.onnx", "../secret.bin")
    opened = []
    for module, name in ((builtins, "open"), (Path, "open")):
        original = getattr(module, name)

        def recording(file, *args, _original=original, **options):
            opened.append(str(file))
            return _original(file, *args, **options)

        monkeypatch.setattr(module, name, recording)
    for attempt in (read_model, open_for_export):
        with pytest.raises((ExternalWeightsError, OutsideWeightsError)):
            attempt(path)
    assert any(name.endswith("m.onnx") for name in opened)
    assert not any("secret" in name for name in opened)


@pytest.mark.parametrize("location", ["../secret.bin", "/etc/hostname", "absent.bin", "link.bin", "."])
def test_weights_are_joined_from_the_models_own_folder_alone(location, tmp_path):
    (tmp_path / "secret.bin").write_bytes(bytes(1000))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "link.bin").symlink_to(tmp_path / "secret.bin")
    path = outside_weights(tmp_path / "models" / "m.onnx", location)
    with pytest.raises(OutsideWeightsError, match="No other file was opened"):
        open_for_export(path)


def test_weights_in_another_file_of_the_folder_are_joined(tmp_path, capsys):
    source = tmp_path / "split.onnx"
    model = onnx.load(str(whole(tmp_path / "whole.onnx")))
    onnx.save_model(model, str(source), save_as_external_data=True, size_threshold=0, location="split.bin")
    with pytest.raises(ExternalWeightsError, match="ocsge model export"):
        read_model(source)
    assert main(["model", "export", str(source), "--output", str(tmp_path / "joined.onnx")]) == 0
    joined = onnx.load(str(tmp_path / "joined.onnx"), load_external_data=False)
    assert numpy_helper.to_array(joined.graph.initializer[0]).tolist() == brightest_band().tolist()
    assert read_model(tmp_path / "joined.onnx").card == card()


def test_a_short_file_of_weights_is_refused(tmp_path):
    path = outside_weights(tmp_path / "m.onnx", "short.bin")
    (tmp_path / "short.bin").write_bytes(bytes(35))
    with pytest.raises(OutsideWeightsError, match="too short"):
        open_for_export(path)


def test_a_trusted_file_may_have_larger_tensors(tmp_path, monkeypatch):
    shape = kinds.weights(np.array([1, 1, 2000, 2000]), "shape")
    path = bomb(tmp_path / "m.onnx", [helper.make_node("ConstantOfShape", ["shape"], ["big"])], [shape])
    assert read_model(path).card.name == "tiny"
    monkeypatch.setenv(MAX_TENSOR_ENVIRONMENT, "0.01")
    with pytest.raises(HugeTensorError, match=r"0\.016 GB"):
        read_model(path)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"{", "Expecting property name"),
        (b"[]", "not a JSON object"),
        (b"\xff\xfe", "utf-8"),
        (b"[" * 100000, "recursion"),
    ],
)
def test_a_bad_description_beside_the_model_is_refused(content, named, tmp_path):
    path = whole(tmp_path / "m.onnx")
    (tmp_path / "m.stac.json").write_bytes(content)
    with pytest.raises(BadSidecarError, match=named) as caught:
        read_model(path)
    assert "m.stac.json" in str(caught.value)


def test_a_description_of_another_file_is_refused_and_can_be_renewed(tmp_path, capsys):
    path = whole(tmp_path / "m.onnx")
    assert main(["model", "describe", str(path), "--resolution", "0.5"]) == 0
    write_conv_model(path, np.zeros((3, 3, 3, 3)), card(name="longer"))
    with pytest.raises(StaleSidecarError, match=r"m\.stac\.json"):
        read_model(path)
    assert main(["model", "describe", str(path), "--resolution", "0.4"]) == 0
    assert read_model(path).card.resolution_m == 0.4


@pytest.mark.parametrize("text", ["{", "[]", "3", '{"name": "x"}', '{"bands": 3}', "null"])
def test_a_broken_card_is_refused(text, tmp_path):
    path = write_conv_model(tmp_path / "m.onnx", brightest_band(), None, props={"ocsge_card": text})
    with pytest.raises(BadModelValueError, match="ocsge_card"):
        read_model(path)


JUNK = (None, -1, float("inf"), float("nan"), "x", [], {"a": 1}, [None], True, 10**30)


def _paths(value, path=()):
    """Where every part of a JSON document is."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from _paths(part, (*path, key))


def _with(document, path, value):
    changed_copy = json.loads(json.dumps(document))
    if not path:
        return value
    place = changed_copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed_copy


def _survives(read, path):
    with contextlib.suppress(ModelError):
        read(path)


def test_any_value_in_a_description_is_read_or_refused_and_never_our_fault(tmp_path):
    path = whole(tmp_path / "m.onnx")
    model = read_model(path)
    item = stac_item(model.card, model.graph, path)
    sidecar = tmp_path / "m.stac.json"
    for position, place in enumerate(_paths(item)):
        for value in (JUNK[position % len(JUNK)], JUNK[(position * 7 + 3) % len(JUNK)]):
            sidecar.write_text(json.dumps(_with(item, place, value)))
            _survives(read_model, path)
            _survives(read_model, sidecar)
    sidecar.unlink()
    own = model.card.to_dict()
    for place in _paths(own):
        for value in JUNK:
            text = json.dumps(_with(own, place, value))
            write_conv_model(path, brightest_band(), None, props={"ocsge_card": text})
            _survives(read_model, path)


def test_any_changed_byte_of_a_model_is_read_or_refused_and_never_our_fault(tmp_path):
    random = np.random.default_rng(7)
    sources = [whole(tmp_path / "a.onnx").read_bytes(), kinds.two_sigmoids(tmp_path / "b.onnx").read_bytes()]
    path = tmp_path / "m.onnx"
    for attempt in range(200):
        content = bytearray(sources[attempt % 2])
        for place in random.integers(0, len(content), 1 + attempt % 3):
            content[place] = random.integers(0, 256)
        path.write_bytes(bytes(content))
        _survives(read_model, path)
        _survives(open_for_export, path)
