# SPDX-License-Identifier: GPL-2.0-or-later
"""Making the backend's own environment for this user, from a bundle (no internet) or from a wheel.

Nothing is installed into QGIS's Python. The environment that was there before comes back when the new one
fails.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from qgis.core import QgsSettings

from ..errors import SetupError, TaskCancelledError
from ..tasks import BaseTask, TaskProgress
from ..translation import tr
from .environment import environment_command, environment_folder
from .local import scrubbed_environment

MINIMUM_PYTHON = (3, 11)
PYTHON_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11", "python3", "python")
PIP = ("-m", "pip", "--isolated", "--disable-pip-version-check", "--no-input")
EXPECTED_LINES = 60
"""Lines that pip writes for our dependencies, for the progress bar alone."""


class BackendSetupTask(BaseTask):
    """Makes the environment; `succeeded` carries the path of its command.

    Args:
        source: bundle (`.zip`) or wheel (`.whl`) of the backend.
        folder: the environment to make; the per-user one by default.
    """

    def __init__(self, source: Path, folder: Path | None = None) -> None:
        super().__init__(tr("Set up the OCS GE backend"))
        self._source = Path(source)
        self._folder = folder or environment_folder()

    def work(self, progress: TaskProgress) -> Path:
        """Make the environment and try its command.

        Raises:
            SetupError: no Python, a damaged bundle, a failing installation.
            TaskCancelledError: the user stopped; what was there before is back.
        """
        previous = self._folder.with_name(self._folder.name + ".previous")
        shutil.rmtree(previous, ignore_errors=True)
        if self._folder.exists():
            self._folder.rename(previous)
        try:
            with tempfile.TemporaryDirectory(prefix="ocsge-setup-") as scratch:
                command = self._make(Path(scratch), progress)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            if previous.exists():
                previous.rename(self._folder)
            raise
        shutil.rmtree(previous, ignore_errors=True)
        return command

    def _make(self, scratch: Path, progress: TaskProgress) -> Path:
        requirement, version = self._requirement(scratch, progress)
        progress.update(0.08, tr("Looking for Python"))
        python = find_python(version)
        if python is None:
            wanted = version or ".".join(map(str, MINIMUM_PYTHON))
            raise self._error(
                f"Python {wanted}{'' if version else ' or newer'} was not found. Install it, then try again.",
                f"Python {wanted}{'' if version else ' ou plus récent'} est introuvable. Installez-le, puis "
                "recommencez.",
            )
        progress.update(0.1, tr("Making the environment"))
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._call([str(python), "-m", "venv", str(self._folder)], progress, 0.1, 0.25)
        command = environment_command(self._folder)
        inner = str(command.with_name("python.exe" if sys.platform == "win32" else "python"))
        progress.update(0.25, tr("Installing the backend"))
        self._call([inner, *PIP, *_proxy_options(), "install", *requirement], progress, 0.25, 0.95)
        progress.update(0.95, tr("Trying the backend"))
        self._call([str(command), "--version"], progress, 0.95, 1.0)
        return command

    def _requirement(self, scratch: Path, progress: TaskProgress) -> tuple[list[str], str]:
        """What pip installs, and for which Python: a wheel (any Python) or a checked bundle (its own)."""
        if self._source.suffix == ".whl" and self._source.is_file():
            return [str(self._source)], ""
        progress.update(0.02, tr("Checking the bundle"))
        try:
            with zipfile.ZipFile(self._source) as bundle:
                bundle.extractall(scratch)  # nosec B202 - zipfile keeps members inside the folder
        except (OSError, zipfile.BadZipFile) as error:
            raise self._error(
                f"{self._source} is no readable bundle ({error}). Copy it again.",
                f"{self._source} n'est pas un lot d'installation lisible ({error}). Recopiez-le.",
            ) from error
        sums = next(scratch.rglob("SHA256SUMS"), None)
        if sums is None:
            raise self._error(
                f"{self._source} has no SHA256SUMS: it is no backend bundle. Choose the file that "
                "`make bundle` wrote.",
                f"{self._source} ne contient pas SHA256SUMS : ce n'est pas un lot d'installation du moteur. "
                "Choisissez le fichier produit par `make bundle`.",
            )
        self._check_sums(sums)
        options = ["--no-index", "--find-links", str(sums.parent / "wheels"), "ocsge-backend"]
        return options, _python_of(sums.parent / "VERSION")

    def _check_sums(self, sums: Path) -> None:
        for line in sums.read_text(encoding="utf-8").splitlines():
            expected, _, name = line.partition("  ")
            path = sums.parent / name
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
                raise self._error(
                    f"{name} of the bundle is damaged. Copy the bundle again.",
                    f"{name}, dans le lot d'installation, est abîmé. Recopiez le lot.",
                )

    def _call(self, command: list[str], progress: TaskProgress, start: float, end: float) -> None:
        """Run a program, one step of progress a line; its last lines go into the error."""
        environment = {name: scrubbed_environment().value(name) for name in scrubbed_environment().keys()}  # noqa: SIM118 - a Qt object
        lines: list[str] = []
        process = subprocess.Popen(  # nosec B603 - no shell; programs that we found or made
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
        )
        try:
            for line in process.stdout or ():
                lines.append(line.strip())
                share = min(1.0, len(lines) / EXPECTED_LINES)
                progress.update(start + (end - start) * share, line.strip()[:120])
        except TaskCancelledError:
            process.kill()
            process.wait()
            raise
        if process.wait() != 0:
            detail = " ".join(lines[-3:])
            raise self._error(f"{command[0]}: {detail}", f"{command[0]} : {detail}")

    def _error(self, english: str, french: str) -> SetupError:
        return SetupError(folder=self._folder, detail_en=english, detail_fr=french)


def _python_of(version_file: Path) -> str:
    """`3.11` from the line `Python 3.11` of a bundle, whose wheels fit no other; else empty."""
    if not version_file.is_file():
        return ""
    lines = version_file.read_text(encoding="utf-8").splitlines()
    return next((line.split()[1] for line in lines if line.startswith("Python ")), "")


def find_python(version: str = "") -> Path | None:
    """A Python that can make environments; QGIS's own as a last resort.

    Args:
        version: for instance `3.11`; empty for any from `MINIMUM_PYTHON` on, the newest name first.
    """
    own = Path(sys.exec_prefix) / ("python.exe" if sys.platform == "win32" else "bin/python3")
    names = (f"python{version}", *PYTHON_NAMES) if version else PYTHON_NAMES
    wanted = f"== {tuple(map(int, version.split('.')))}" if version else f">= {MINIMUM_PYTHON}"
    for candidate in (*(shutil.which(name) for name in names), str(own)):
        if candidate and _is_python(candidate, wanted):
            return Path(candidate)
    return None


def _is_python(python: str, wanted: str) -> bool:
    test = f"import sys, venv, ensurepip; sys.exit(not sys.version_info[:2] {wanted})"
    environment = {name: scrubbed_environment().value(name) for name in scrubbed_environment().keys()}  # noqa: SIM118 - a Qt object
    try:
        ended = subprocess.run(  # nosec B603 - no shell; a program of the PATH
            [python, "-c", test], capture_output=True, check=False, timeout=30, env=environment
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def _proxy_options() -> list[str]:
    """The user's proxy in QGIS, in pip's terms; one that needs a password is left to pip's own settings."""
    stored = QgsSettings()
    host = stored.value("proxy/proxyHost", "")
    if not stored.value("proxy/proxyEnabled", False, type=bool) or not host:
        return []
    port = stored.value("proxy/proxyPort", "")
    return ["--proxy", f"http://{host}:{port}" if port else f"http://{host}"]
