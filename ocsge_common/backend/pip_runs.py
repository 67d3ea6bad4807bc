# SPDX-License-Identifier: GPL-2.0-or-later
"""The programs of a set-up: venv, pip download, pip install, and the first run of the backend."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from inference_backend.contracts.backend_home import environment_python

from ..errors import SetupError
from ..translation import tr
from .child import guarded_module, run_child
from .environment import folder_bytes
from .pip_network import PipNetwork, network_of_qgis
from .pythons import Python
from .scrubbed import scrubbed_variables
from .setup_faults import fault_of_lines, is_locked
from .setup_progress import SetupProgress
from .setup_source import EXTRAS, PACKAGE, Source, pins_of
from .time_left import size_text
from .wheel_set import WheelSize, installed_share

EXPECTED_DOWNLOAD_BYTES = 393_000_000
"""Wheels of release 0.1 for Linux and Python 3.12 (Windows: 345 MB); for the progress bar alone."""
PIP_OPTIONS = ("--disable-pip-version-check", "--no-input", "--no-color")
LOCKED_TRIES = 4
LOCKED_WAIT_S = 3.0
DOWNLOADING = re.compile(r"^\s*Downloading (?:\S*/)?(?P<file>[^\s/]+\.whl) \(")
SHARE = re.compile(r"(?P<percent>\d+) %")
VERSION = re.compile(r"\d+(?:\.\w+)+")


class PipRuns:
    """Runs each program with the same scratch folder, log and cancel.

    Args:
        home: of the environments.
        environment: folder of the one in the making.
        scratch: where programs may leave what they like; removed at the end.
        steps: progress and log.
        pip_wheel: a wheel of pip, which runs by itself: the environment needs none.
    """

    def __init__(
        self, home: Path, environment: Path, scratch: Path, steps: SetupProgress, pip_wheel: Path
    ) -> None:
        self._home, self._environment, self._scratch = home, environment, scratch
        self._steps, self._pip_wheel = steps, pip_wheel
        self._network = PipNetwork()
        self._temporary = scratch / "tmp"
        self._temporary.mkdir()
        # A packed pip would be compiled again at each of its starts.
        shutil.unpack_archive(str(pip_wheel), str(scratch / "pip"), "zip")
        # Python and pip take whichever of these their system knows; a cancel leaves nothing elsewhere.
        self._variables = {
            **scrubbed_variables(),
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self._temporary)),
            "PYTHONPATH": str(scratch / "pip"),
        }

    def make_environment(self, python: Python) -> None:
        """Make an empty environment.

        Raises:
            SetupError: it could not be made.
        """
        command = guarded_module(str(python.path), "venv", "--without-pip", str(self._environment))
        self._steps.log(f"{python.path} ({python.version}), {self._pip_wheel.name}")
        self._run(command, self._variables, lambda: self._steps.update(0.5))

    def download(self, source: Source, package: str, wheels: Path) -> None:
        """Fetch the backend and its needs, with QGIS's proxy and certificates and the user's pip settings.

        Raises:
            SetupError: no network, a refusal, no wheel for this machine.
        """
        wheels.mkdir()
        variables = self._online_variables()
        # Of a refused index page pip speaks only when asked to be that verbose.
        self._download(["-vv", "--no-deps", f"{source.path or package}{EXTRAS}"], wheels, variables)
        wheel = next(iter(wheels.glob(f"{PACKAGE.replace('-', '_')}-*.whl")))
        pins = self._scratch / "pins.txt"
        pins.write_text(pins_of(wheel), encoding="utf-8")
        try:
            self._download([f"{wheel}{EXTRAS}", "--constraint", str(pins)], wheels, variables)
        except SetupError:
            if not self._lacks_a_wheel:
                raise
            # A Python newer than the pins: the ranges of the backend itself still hold.
            self._steps.log("again, without the tested versions")
            self._download([f"{wheel}{EXTRAS}"], wheels, variables)

    def _online_variables(self) -> dict[str, str]:
        self._network = network_of_qgis()
        if self._network.is_socks:
            raise SetupError(
                folder=self._home,
                detail_en="pip cannot use a SOCKS proxy. Choose an HTTP proxy in Settings > Options > "
                "Network, or "
                "install from a bundle, without internet.",
                detail_fr="pip ne sait pas utiliser un serveur mandataire SOCKS. Choisissez un serveur HTTP "
                "dans "
                "Préférences > Options > Réseau, ou installez depuis un lot, sans internet.",
            )
        authorities = self._scratch / "authorities.pem"
        added = self._network.variables(self._variables, authorities, self._pip_cert())
        return {**self._variables, **added}

    def _pip_cert(self) -> str:
        """The authorities that the user's pip.conf names, which ours must not replace."""
        lines: list[str] = []
        command = guarded_module(self._python, "pip", "config", "get", "global.cert")
        run_child(command, self._variables, lines.append, lambda: self._steps.update(0.0))
        return lines[-1].strip() if len(lines) == 1 else ""

    def _download(self, arguments: list[str], wheels: Path, variables: dict[str, str]) -> None:
        command = guarded_module(
            self._python,
            "pip",
            "download",
            *PIP_OPTIONS,
            "--only-binary=:all:",
            "--dest",
            str(wheels),
            *arguments,
        )
        names: list[str] = []

        def look() -> None:
            got = folder_bytes(self._temporary) + folder_bytes(wheels)
            share = min(0.98, got / EXPECTED_DOWNLOAD_BYTES)
            about = tr("{} of about {}").format(size_text(got), size_text(max(got, EXPECTED_DOWNLOAD_BYTES)))
            self._steps.update(share, " · ".join([about, *names[-1:]]))

        def note(line: str) -> None:
            found = DOWNLOADING.match(line)
            if found:
                names.append(found["file"].split("-")[0])

        self._run(command, variables, look, note)

    def install(self, wheels: Path, sizes: list[WheelSize], packages: Path) -> None:
        """Install the backend from a folder of wheels, with no network at all.

        Raises:
            SetupError: it could not be installed.
        """
        variables = {name: value for name, value in self._variables.items() if not name.startswith("PIP_")}
        # Settings of pip on this machine must not bring the network, or other versions, back.
        variables["PIP_CONFIG_FILE"] = os.devnull
        command = guarded_module(self._python, "pip", "--isolated", "install", *PIP_OPTIONS, "--no-index")
        command += ["--no-cache-dir", "--find-links", str(wheels), PACKAGE + EXTRAS]

        def look() -> None:
            count, share = installed_share(sizes, packages)
            self._steps.update(share, tr("{} of {} packages").format(count, len(sizes)))

        for attempt in range(1, LOCKED_TRIES + 1):
            try:
                self._run(command, variables, look)
                return
            except SetupError:
                if not is_locked(self._last) or attempt == LOCKED_TRIES:
                    raise
                self._wait(LOCKED_WAIT_S, look)

    def version_of(self, command: Path) -> str:
        """What the installed command says of itself.

        Raises:
            SetupError: it does not run.
        """
        variables = {**scrubbed_variables(), "OCSGE_LANG": "en"}
        self._run([str(command), "--version"], variables, lambda: self._steps.update(0.5))
        found = VERSION.search(" ".join(self._last))
        return found[0] if found else "?"

    def warm_up(self, command: Path) -> None:
        """Compile what the backend compiles for each machine; one that cannot do it now does it later."""
        share = 0.0

        def note(line: str) -> None:
            nonlocal share
            found = SHARE.search(line)
            share = int(found["percent"]) / 100 if found else share

        try:
            variables = {**scrubbed_variables(), "OCSGE_LANG": "en"}
            self._run([str(command), "warmup"], variables, lambda: self._steps.update(share), note)
        except SetupError:
            self._steps.log("not compiled now; the first prediction and the first lot do it")

    @property
    def _python(self) -> str:
        return str(environment_python(self._environment))

    @property
    def _lacks_a_wheel(self) -> bool:
        return any("No matching distribution found" in line for line in self._last)

    def _wait(self, seconds: float, look: Callable[[], None]) -> None:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            look()
            time.sleep(0.2)

    def _run(
        self,
        command: list[str],
        variables: dict[str, str],
        look: Callable[[], None],
        note: Callable[[str], None] = lambda line: None,
    ) -> None:
        lines: list[str] = []
        self._last = lines

        def on_line(line: str) -> None:
            line = self._network.strike(line)
            lines.append(line)
            self._steps.log(line)
            note(line)

        if run_child(command, variables, on_line, look) != 0:
            english, french = fault_of_lines(lines)
            raise SetupError(folder=self._home, detail_en=english, detail_fr=french)
