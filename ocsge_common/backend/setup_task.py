# SPDX-License-Identifier: GPL-2.0-or-later
"""Making the backend's own environment for this user: from the package index, a bundle or a wheel.

Nothing is installed into QGIS's Python. A new environment grows beside the one in use, in its final folder
since environments cannot move, and counts only once `current.json` names it: stopped, killed or failing, the
former one still counts.
"""

from __future__ import annotations

import datetime
import shutil
import time
from pathlib import Path

from inference_backend.contracts.backend_home import (
    Installed,
    backend_home,
    environment_command,
    new_environment,
    read_current,
    write_current,
)

from ..errors import SetupError
from ..tasks import BaseTask, TaskProgress
from ..translation import tr
from .environment import remove_environment, sweep
from .pip_runs import PipRuns
from .pythons import Python, advice, find_python, pythons
from .setup_faults import fault_of_system
from .setup_progress import SetupProgress
from .setup_source import Bundle, Source, open_bundle
from .setup_state import SCRATCH_FOLDER, SetupLock, SetupState, clear_state
from .time_left import size_text
from .wheel_set import WheelSize, measure, needed_bytes, path_excess, path_limit, site_packages

LOCK_WAIT_S = 1.0


class BackendSetupTask(BaseTask):
    """Makes the environment; `succeeded` carries the path of its command.

    Args:
        source: where the backend comes from.
        home: of the environments; the per-user one by default.
        package: requirement for the package index.
    """

    def __init__(self, source: Source, home: Path | None = None, package: str = "ocsge-backend") -> None:
        super().__init__(tr("Set up the OCS GE backend"))
        self._source = source
        self._home = home or backend_home()
        self._package = package

    def work(self, progress: TaskProgress) -> Path:
        """Make the environment and try its command.

        Raises:
            SetupError: no Python, a damaged bundle, no network, no space, another set-up in hand.
            TaskCancelledError: the user stopped; nothing has changed.
        """
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            lock = SetupLock(self._home)
            self._take(lock)
            try:
                return self._work_locked(progress)
            finally:
                lock.release()
        except OSError as error:
            raise self._error(*fault_of_system(error)) from error

    def _take(self, lock: SetupLock) -> None:
        limit = time.monotonic() + LOCK_WAIT_S
        while not lock.take():
            if time.monotonic() > limit:
                raise self._error(
                    "a set-up is running already, or this folder cannot be written. Wait for its end.",
                    "une installation est déjà en cours, ou ce dossier n'est pas accessible en écriture. "
                    "Attendez sa fin.",
                )
            time.sleep(0.1)

    def _work_locked(self, progress: TaskProgress) -> Path:
        sweep(self._home)
        environment = new_environment(self._home)
        scratch = self._home / SCRATCH_FOLDER
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        steps = SetupProgress(progress, self._home, SetupState(self._source.to_text(), environment.name))
        former = read_current(self._home)
        try:
            version, python = self._make(environment, scratch, steps)
            self._publish(environment, version, python)
        except BaseException:
            remove_environment(environment)
            raise
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            clear_state(self._home)
            steps.close()
        if former is not None:
            remove_environment(self._home / former.folder)
        return environment_command(environment)

    def _make(self, environment: Path, scratch: Path, steps: SetupProgress) -> tuple[str, Python]:
        bundle = self._open_bundle(scratch, steps)
        steps.start(tr("Looking for Python"), 0.08, 0.09)
        python = self._python(bundle)
        pip = PipRuns(self._home, environment, scratch, steps, (bundle and bundle.pip) or python.pip_wheel)
        steps.start(tr("Making the environment"), 0.09, 0.13)
        pip.make_environment(python)
        wheels = bundle.wheels if bundle else scratch / "wheels"
        if bundle is None:
            steps.start(tr("Downloading"), 0.13, 0.6)
            pip.download(self._source, self._package, wheels)
        sizes = measure(wheels, python.version)
        self._check_room(sizes, environment, python)
        steps.start(tr("Installing"), 0.6 if bundle is None else 0.13, 0.8)
        pip.install(wheels, sizes, site_packages(environment, python.version))
        steps.start(tr("Trying the backend"), 0.8, 0.82)
        version = pip.version_of(environment_command(environment))
        steps.start(tr("Compiling for this machine"), 0.82, 1.0)
        pip.warm_up(environment_command(environment))
        return version, python

    def _open_bundle(self, scratch: Path, steps: SetupProgress) -> Bundle | None:
        path = self._source.path
        if path is None or self._source.is_wheel:
            return None
        steps.start(tr("Checking the bundle"), 0.0, 0.08)
        return open_bundle(path, scratch / "bundle", steps.update)

    def _python(self, bundle: Bundle | None) -> Python:
        versions = bundle.manifest.pythons if bundle else ()
        needs_pip = bundle is None or bundle.pip is None
        python = find_python(versions, needs_pip)
        if python is None:
            raise self._error(*advice(versions, pythons()))
        return python

    def _check_room(self, sizes: list[WheelSize], environment: Path, python: Python) -> None:
        """Say what cannot end well before it begins."""
        needed, free = needed_bytes(sizes), shutil.disk_usage(self._home).free
        if needed > free:
            raise self._error(
                f"the disk has {size_text(free)} left and {size_text(needed)} are needed. Free some space, "
                f"then "
                "try again.",
                f"il reste {size_text(free)} sur le disque et il en faut {size_text(needed)}. Libérez de la "
                f"place, "
                "puis recommencez.",
            )
        excess = path_excess(sizes, site_packages(environment, python.version), path_limit())
        if excess > 0:
            raise self._error(
                f"paths would be {excess} characters too long for Windows. Set OCSGE_BACKEND_HOME to a short "
                r"folder, for instance C:\ocsge, then try again.",
                f"les chemins dépasseraient de {excess} caractères la limite de Windows. Donnez à "
                r"OCSGE_BACKEND_HOME un dossier court, par exemple C:\ocsge, puis recommencez.",
            )

    def _publish(self, environment: Path, version: str, python: Python) -> None:
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        installed = Installed(environment.name, version, python.version, self._source.name, now)
        write_current(self._home, installed)

    def _error(self, english: str, french: str) -> SetupError:
        return SetupError(folder=self._home, detail_en=english, detail_fr=french)
