# SPDX-License-Identifier: GPL-2.0-or-later
"""A wheel and a bundle named like ours, of a few hundred bytes, for real pips."""

from __future__ import annotations

import base64
import ensurepip
import hashlib
import sys
import zipfile
from pathlib import Path

from inference_backend.contracts.bundle import Manifest, machine_platform

WHEEL = "ocsge_backend-9.9-py3-none-any.whl"
PIP = [
    wheel
    for folder in (Path("/usr/share/python-wheels"), Path(ensurepip.__file__).parent / "_bundled")
    for wheel in folder.glob("pip-*.whl")
]
"""The wheel of pip that every Python comes with: as our bundles have one, and seconds faster than venv's."""
RUNNING = f"{sys.version_info.major}.{sys.version_info.minor}"

TINY = """import sys

def main():
    print("ocsge 9.9", *sys.argv[1:])
    return 3 if "warmup" in sys.argv else {code}
"""
"""A backend that cannot compile anything."""


def write_wheel(folder: Path, exit_code: int = 0, padding: int = 0, name: str = "ocsge_backend") -> Path:
    """A wheel whose command prints a version; `padding` random bytes make it as large as wanted."""
    info = f"{name}-9.9.dist-info"
    files = {
        f"{name}_tiny.py": TINY.format(code=exit_code).encode(),
        f"{name}_padding.bin": bytes((i * 7919) % 251 for i in range(padding)),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 9.9\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\nocsge = {name}_tiny:main\n".encode(),
    }
    record = ""
    for member, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{member},sha256={digest},{len(content)}\n"
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-9.9-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, content in files.items():
            wheel.writestr(member, content)
    return path


def write_bundle(
    folder: Path,
    *,
    damaged: bool = False,
    platform: str = "",
    pythons: tuple[str, ...] = (RUNNING,),
    with_pip: bool = True,
) -> Path:
    """A bundle of the tiny wheel, as a zip."""
    content = write_wheel(folder / "made").read_bytes()
    manifest = Manifest("9.9", platform or machine_platform(), pythons).to_text().encode()
    files = {f"wheels/{WHEEL}": content, "bundle.json": manifest}
    if with_pip and PIP:
        files[f"wheels/{PIP[0].name}"] = PIP[0].read_bytes()
    sums = "".join(
        f"{hashlib.sha256(data + (b'x' if damaged else b'')).hexdigest()}  {name}\n"
        for name, data in files.items()
    )
    path = folder / "bundle.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        for name, data in {**files, "SHA256SUMS": sums.encode()}.items():
            bundle.writestr(f"ocsge-backend/{name}", data)
    return path
