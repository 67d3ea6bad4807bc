# SPDX-License-Identifier: GPL-2.0-or-later
"""Who may import what: the architecture as a table, and the check that the code follows it.

Imports go downwards only. The whole syntax tree is read, so that an import inside a function counts as well.

    python -m scripts.import_table [ROOT]
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PLUGINS = ("ocsge_annotator", "ocsge_pi_review")
CHECKED = ("inference_backend", "ocsge_common", *PLUGINS)
CONTRACTS = "inference_backend.contracts"
BASE_MODULES = (
    "progress",
    "errors",
    "atomic",
    "grid",
    "shared_areas",
    "step_names",
    "thresholds",
    "vector_reading",
    "whole_file",
)
WRAPPED_BY_QGIS = ("PyQt4", "PyQt5", "PyQt6", "PySide2", "PySide6", "gdal", "ogr", "osr")
"""Names that QGIS gives through `qgis.PyQt` or `osgeo`."""


@dataclass(frozen=True)
class Row:
    """What the modules under one prefix may import.

    Attributes:
        prefix: dotted name of a package or module; the longest matching prefix decides.
        own: dotted prefixes of this repository.
        outside: dotted prefixes of third parties; the standard library is always allowed.
    """

    prefix: str
    own: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Import:
    """One imported name, absolute, and where it stands."""

    path: Path
    line: int
    importer: str
    imported: str
    relative: bool
    statement: str
    """`from` or `import`."""


BASE = tuple(f"inference_backend.{name}" for name in BASE_MODULES)
VERSION = "inference_backend.__version__"
ARRAYS = ("numpy",)
RASTERS = (*ARRAYS, "rasterio", "scipy", "numba")
VECTORS = (*RASTERS, "shapely", "pyogrio", "pyproj")
ENGINES = ("inference_backend.models", "inference_backend.runtime")
REPORTING = "inference_backend.reporting"
WORK, CLUSTER, AREA = (f"inference_backend.{name}" for name in ("work", "cluster", "area"))
STEPS = tuple(f"inference_backend.{n}" for n in ("predict", "postprocess", "quality", "evolution", "scene"))
BELOW_STEPS = (CONTRACTS, *BASE, VERSION)


def _backend_rows() -> list[Row]:
    rows = [
        Row("inference_backend"),
        Row("inference_backend.__main__", ("inference_backend.cli",)),
        Row(CONTRACTS, (CONTRACTS,)),
        *(
            Row(name, (CONTRACTS, *BASE), ("numpy", "rasterio", "pyogrio", "pyproj", "shapely"))
            for name in BASE
        ),
        Row(
            "inference_backend.models",
            (*BELOW_STEPS, ENGINES[0]),
            (*ARRAYS, "onnx", "onnxruntime", "google.protobuf"),
        ),
        # An engine is opened from a card, so runtime stands on models and never the other way.
        Row(
            "inference_backend.runtime",
            (*BELOW_STEPS, *ENGINES),
            (*ARRAYS, "numba", "onnx", "onnxruntime", "openvino", "nncf", "requests", "urllib3"),
        ),
        # What several steps share: parts of work that was stopped, an area of interest, a Dask cluster.
        Row(WORK, (*BELOW_STEPS, WORK), (*ARRAYS, "numba", "isal")),
        Row(AREA, (*BELOW_STEPS, AREA), VECTORS),
        Row(CLUSTER, (*BELOW_STEPS, *ENGINES, CLUSTER), ("dask", "distributed")),
        Row(
            "inference_backend.service",
            ("inference_backend",),
            (*VECTORS, "fastapi", "starlette", "uvicorn", "pydantic", "requests"),
        ),
        Row("inference_backend.cli", ("inference_backend",), (*VECTORS, "requests", "matplotlib")),
    ]
    # A layer that exists already gets its uses, its queue and its file like one made from a prediction.
    rows.append(
        Row(
            "inference_backend.ingest",
            (*BELOW_STEPS, "inference_backend.ingest", "inference_backend.postprocess"),
            VECTORS,
        )
    )
    # Lots are cut from lots and merged into them: they stand on what writes one.
    rows.append(
        Row(
            "inference_backend.lots",
            (
                *BELOW_STEPS,
                AREA,
                "inference_backend.lots",
                "inference_backend.postprocess.lot",
                "inference_backend.quality.edge_match",
            ),
            VECTORS,
        )
    )
    # A lot shared in a database is a lot's file copied there and back.
    rows.append(
        Row(
            "inference_backend.postgis",
            (*BELOW_STEPS, "inference_backend.postgis", "inference_backend.postprocess.lot"),
            (*VECTORS, "psycopg2"),
        )
    )
    # The control of a lot: pure functions of quality meet the tables of lots, in a file or in a database.
    rows.append(
        Row(
            "inference_backend.control",
            (
                *BELOW_STEPS,
                AREA,
                "inference_backend.control",
                "inference_backend.quality",
                "inference_backend.lots",
                "inference_backend.postgis",
                "inference_backend.postprocess.lot",
                "inference_backend.reporting",
            ),
            (*VECTORS, "psycopg2", "matplotlib"),
        )
    )
    # The help for annotators works on arrays: no raster, no file but interactive models.
    rows.append(
        Row(
            "inference_backend.annotation",
            (*BELOW_STEPS, *ENGINES, "inference_backend.annotation"),
            (*ARRAYS, "numba", "scipy", "skimage", "lightgbm", "onnx", "onnxruntime"),
        )
    )
    # Training data of other tools: campaigns out, masks in.
    rows.append(
        Row(
            "inference_backend.datasets",
            (*BELOW_STEPS, "inference_backend.datasets"),
            (*VECTORS, "matplotlib"),
        )
    )
    # Pages of any step: figures come in, a text goes out; no file is opened.
    rows.append(Row(REPORTING, (*BELOW_STEPS, REPORTING), (*ARRAYS, "shapely", "matplotlib")))
    # Figures of a production stand on what its lots hold, and know no step.
    rows.append(
        Row(
            "inference_backend.indicators",
            (
                *BELOW_STEPS,
                "inference_backend.indicators",
                "inference_backend.postgis",
                "inference_backend.reporting",
            ),
            (*VECTORS, "psycopg2"),
        )
    )
    # Steps do not know each other: they meet in cli and service.
    rows += [
        Row(
            step,
            (*BELOW_STEPS, *ENGINES, WORK, CLUSTER, AREA, step),
            (*VECTORS, "isal", "llvmlite", "matplotlib", "dask", "distributed"),
        )
        for step in STEPS
    ]
    # Estimators of a control work on arrays: no lot, no file.
    estimation = "inference_backend.quality.estimation"
    rows.append(Row(estimation, (*BELOW_STEPS, estimation), (*ARRAYS, "scipy", "statsmodels")))
    return rows


def _plugin_rows(plugin: str) -> list[Row]:
    below = (f"{plugin}.domain", f"{plugin}.errors", CONTRACTS)
    adapters = (*below, f"{plugin}.adapters", "ocsge_common")
    # sip draws nothing: it tells whether QGIS still has a layer that the user may have removed.
    qt = tuple(f"qgis.PyQt.{module}" for module in ("QtCore", "QtGui", "QtNetwork", "sip"))
    core = ("numpy", "osgeo", "qgis.core", *qt)
    screen = ("numpy", "osgeo", "qgis.core", "qgis.gui", "qgis.analysis", "qgis.PyQt")
    rows = [
        Row(plugin, (plugin,)),
        Row(f"{plugin}.plugin", (plugin, "ocsge_common", CONTRACTS), ("qgis",)),
        Row(f"{plugin}.errors", (f"{plugin}.errors", CONTRACTS)),
        Row(f"{plugin}.domain", below, ARRAYS),
        # psycopg2 comes with QGIS's own PostgreSQL tools; it is imported where a team shares a database.
        Row(f"{plugin}.adapters", adapters, (*core, "psycopg2")),
        Row(f"{plugin}.adapters.host", adapters, (*screen, "qgis.utils")),
    ]
    rows += [
        Row(f"{plugin}.{room}", (*adapters, f"{plugin}.{room}"), screen)
        for room in ("map_tools", "processing")
    ]
    # A window switches its map tools; a tool never knows a window.
    rows.append(Row(f"{plugin}.gui", (*adapters, f"{plugin}.gui", f"{plugin}.map_tools"), screen))
    return rows


def table() -> dict[str, Row]:
    """The rows by prefix."""
    rows = [*_backend_rows(), Row("ocsge_common", ("ocsge_common", CONTRACTS), ("numpy", "osgeo", "qgis"))]
    for plugin in PLUGINS:
        rows += _plugin_rows(plugin)
    return {row.prefix: row for row in rows}


def is_under(name: str, prefix: str) -> bool:
    """Whether `name` is `prefix` or inside it."""
    return name == prefix or name.startswith(prefix + ".")


def module_name(path: Path, root: Path) -> str:
    """Dotted name of a file of the repository."""
    parts = list(path.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, root: Path) -> Iterator[Import]:
    """Every import of a file, those inside functions and under TYPE_CHECKING included."""
    importer = module_name(path, root)
    package = importer if path.name == "__init__.py" else importer.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, importer, alias.name, False, "import")
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                kept = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*kept, *([base] if base else [])])
            for alias in node.names:
                yield Import(path, node.lineno, importer, f"{base}.{alias.name}", bool(node.level), "from")


def row_of(importer: str, rows: dict[str, Row]) -> Row:
    """The row with the longest prefix of `importer`."""
    return max(
        (row for row in rows.values() if is_under(importer, row.prefix)), key=lambda row: len(row.prefix)
    )


def fault_of(item: Import, rows: dict[str, Row]) -> str | None:
    """What is wrong with one import, None where nothing is."""
    row = row_of(item.importer, rows)
    top = item.imported.split(".")[0]
    if top in WRAPPED_BY_QGIS:
        return f"{top} is reached through qgis.PyQt or osgeo"
    if top in CHECKED:
        return _own_fault(item, row)
    if top in sys.stdlib_module_names or any(is_under(item.imported, name) for name in row.outside):
        return None
    return f"{row.prefix} may not import {item.imported}"


def _own_fault(item: Import, row: Row) -> str | None:
    if not any(is_under(item.imported, name) for name in row.own):
        return f"{row.prefix} may not import {item.imported}"
    copied = is_under(item.importer, CONTRACTS) or is_under(item.importer, "ocsge_common")
    home = CONTRACTS if is_under(item.importer, CONTRACTS) else item.importer.split(".")[0]
    if copied and is_under(item.imported, home) and not item.relative:
        return "copied packages import themselves relatively"
    if item.importer.split(".")[0] in PLUGINS and item.relative:
        return "plugins import absolutely"
    shared = is_under(item.imported, CONTRACTS) or is_under(item.imported, "ocsge_common")
    if shared and item.statement == "import" and not is_under(item.importer, "inference_backend"):
        return "shared code is imported by `from package.module import name`, which the zip build rewrites"
    return None


def _statement_faults(path: Path, root: Path) -> Iterator[str]:
    """Use of `sys.path` or `sys.modules` by QGIS-side code, where two plugins share one process."""
    if is_under(module_name(path, root), "inference_backend"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "sys"
            and node.attr in ("path", "modules")
        ):
            yield f"{path.relative_to(root)}:{node.lineno}: sys.{node.attr} belongs to QGIS"


def _heavy_init_fault(item: Import) -> str | None:
    """A package `__init__` of the backend imports the standard library alone."""
    if item.path.name != "__init__.py" or not is_under(item.importer, "inference_backend"):
        return None
    if item.imported.split(".")[0] in sys.stdlib_module_names:
        return None
    return "a package __init__ imports nothing but the standard library"


def faults(root: Path) -> list[str]:
    """Every departure from the table under `root`, as `path:line: reason`."""
    rows = table()
    found: list[str] = []
    for package in CHECKED:
        for path in sorted((root / package).rglob("*.py")):
            for item in imports_of(path, root):
                fault = _heavy_init_fault(item) or fault_of(item, rows)
                if fault:
                    found.append(f"{path.relative_to(root)}:{item.line}: {fault}")
            found.extend(_statement_faults(path, root))
    return found


def main() -> int:
    """Print the faults; 1 where there is one."""
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    found = faults(root)
    for line in found:
        print(line)
    print(f"import table: {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
