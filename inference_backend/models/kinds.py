# SPDX-License-Identifier: GPL-2.0-or-later
"""Which networks cannot give a class to every pixel of a tile, and why."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inference_backend.models.errors import UnsupportedModelError

Tensor = tuple[str, str, tuple[int | None, ...]]
"""Name, type, sizes."""

INPUT_TYPES = ("float32", "float16", "uint8", "uint16")
SCORE_TYPES = (
    "float32",
    "float16",
    "float64",
    "uint8",
    "int8",
    "uint16",
    "int16",
    "int32",
    "uint32",
    "int64",
)
MAX_CHANNELS_LAST = 16
_REDUCTIONS = (2, 4, 8, 16, 32)
_OTHER_KINDS = {
    "detector": ("it finds objects (detection)", "il trouve des objets (détection)"),
    "regressor": (
        "it gives quantities, not classes (regression)",
        "il donne des grandeurs, pas des classes (régression)",
    ),
    "regression": (
        "it gives quantities, not classes (regression)",
        "il donne des grandeurs, pas des classes (régression)",
    ),
    "recognition": (
        "it describes a whole image (recognition)",
        "il décrit une image entière (reconnaissance)",
    ),
    "superresolution": ("it enlarges images (super-resolution)", "il agrandit les images (super-résolution)"),
}
_BRING = (
    "Bring a semantic segmentation model, which gives every pixel a score for each class.",
    "Prenez un modèle de segmentation sémantique, qui donne à chaque pixel un score par classe.",
)


def refuse_other_kinds(path: Path, metadata: dict[str, str]) -> None:
    """Refuse what the metadata says is no segmentation model.

    Raises:
        UnsupportedModelError: with the reason.
    """
    kind = metadata.get("model_type", "").strip("\"' ").lower().replace("_", "").replace("-", "")
    if kind in _OTHER_KINDS:
        why_en, why_fr = _OTHER_KINDS[kind]
        tag = metadata["model_type"]
        _refuse(path, f"{why_en}, says its model_type {tag}", f"{why_fr}, dit son model_type {tag}")


def refuse_other_inputs(path: Path, inputs: Sequence[Tensor]) -> None:
    """Refuse anything but one image.

    Raises:
        UnsupportedModelError: with the reason.
    """
    listed = "; ".join(describe(tensor) for tensor in inputs) or "-"
    if len(inputs) != 1:
        _refuse(
            path,
            f"it takes {len(inputs)} inputs ({listed}) and not one image",
            f"il prend {len(inputs)} entrées ({listed}) et non une image",
        )
    _, dtype, shape = inputs[0]
    if len(shape) != 4:
        _refuse(
            path,
            f"its input {listed} is not an image [N, bands, height, width]",
            f"son entrée {listed} n'est pas une image [N, bandes, hauteur, largeur]",
        )
    if dtype not in INPUT_TYPES:
        _refuse(
            path,
            f"its input {listed} is not of one of the types {', '.join(INPUT_TYPES)}",
            f"son entrée {listed} n'est pas d'un des types {', '.join(INPUT_TYPES)}",
            (
                f"Export it with an input of {INPUT_TYPES[0]}.",
                f"Exportez-le avec une entrée {INPUT_TYPES[0]}.",
            ),
        )
    if shape[3] is not None and shape[3] <= MAX_CHANNELS_LAST and (shape[1] is None or shape[1] > shape[3]):
        _refuse(
            path,
            f"its input {listed} has the bands last",
            f"son entrée {listed} a les bandes en dernier",
            (
                "Export it with the bands before height and width.",
                "Exportez-le avec les bandes avant la hauteur et la largeur.",
            ),
        )


def refuse_other_outputs(
    path: Path, image: tuple[int, int, int, int], outputs: Sequence[Tensor]
) -> tuple[str, ...]:
    """Names of the outputs that hold scores of the image's pixels.

    Args:
        path: named in errors.
        image: N, C, H, W of the input.
        outputs: for that input.

    Raises:
        UnsupportedModelError: there is none, with the reason for the first.
    """
    usable, first = [], None
    for output in outputs:
        try:
            _refuse_other_output(path, image, output)
            usable.append(output[0])
        except UnsupportedModelError as error:
            first = first or error
    if not usable and first is not None:
        raise first
    return tuple(usable)


def _refuse_other_output(path: Path, image: tuple[int, int, int, int], output: Tensor) -> None:
    text = describe(output)
    _, dtype, shape = output
    if len(shape) not in (3, 4):
        _refuse(
            path,
            f"its output {text} is not a map of pixels [N, classes, height, width] or [N, height, width]",
            f"sa sortie {text} n'est pas une carte de pixels [N, classes, hauteur, largeur] ou "
            "[N, hauteur, largeur]",
        )
    if dtype not in SCORE_TYPES:
        _refuse(path, f"its output {text} holds no numbers", f"sa sortie {text} ne contient pas de nombres")
    if len(shape) == 4 and shape[1:3] == image[2:] and shape[3] != image[3]:
        _refuse(
            path,
            f"its output {text} has the classes last",
            f"sa sortie {text} a les classes en dernier",
            (
                "Export it with the classes before height and width.",
                "Exportez-le avec les classes avant la hauteur et la largeur.",
            ),
        )
    _refuse_other_sizes(path, text, image[2:], shape[-2:], is_list=len(shape) == 3)


def describe(tensor: Tensor) -> str:
    """`name [?, 3, 512, 512] float32`."""
    name, dtype, shape = tensor
    return f"{name} [{', '.join('?' if size is None else str(size) for size in shape)}] {dtype}"


def _refuse_other_sizes(
    path: Path, text: str, tile: Sequence[int], found: Sequence[int | None], is_list: bool
) -> None:
    lost = [side - size for side, size in zip(tile, found, strict=True) if size is not None]
    sides = " x ".join(map(str, tile))
    if is_list and len(set(lost)) > 1:
        _refuse(
            path,
            f"its output {text} is a list and not a map of its input of {sides} px (detection)",
            f"sa sortie {text} est une liste et non une carte de son entrée de {sides} px (détection)",
        )
    if any(margin < 0 for margin in lost):
        _refuse(
            path,
            f"its output {text} is larger than its input of {sides} px (super-resolution)",
            f"sa sortie {text} est plus grande que son entrée de {sides} px (super-résolution)",
        )
    ratios = {side // size for side, size in zip(tile, found, strict=True) if size and side % size == 0}
    if len(ratios) == 1 and ratios <= set(_REDUCTIONS):
        factor = ratios.pop()
        _refuse(
            path,
            f"its output {text} has pixels {factor} times as large as those of its input",
            f"sa sortie {text} a des pixels {factor} fois plus grands que ceux de son entrée",
            (
                f"Enlarge it in the network: `ocsge model export {path} --enlarge --output LARGE.onnx`.",
                f"Agrandissez-la dans le réseau : `ocsge model export {path} --enlarge --output GRAND.onnx`.",
            ),
        )
    if any(margin % 2 for margin in lost) or len(set(lost)) > 1:
        _refuse(
            path,
            f"its output {text} does not lie in the middle of its input of {sides} px",
            f"sa sortie {text} n'est pas au milieu de son entrée de {sides} px",
            (
                "It must be as large, or smaller by the same even number of pixels in height and width.",
                "Elle doit être aussi grande, ou plus petite d'un même nombre pair de pixels en hauteur et "
                "en largeur.",
            ),
        )


def _refuse(path: Path, why_en: str, why_fr: str, remedy: tuple[str, str] = _BRING) -> None:
    raise UnsupportedModelError(
        path=path, why_en=why_en, why_fr=why_fr, remedy_en=remedy[0], remedy_fr=remedy[1]
    )
