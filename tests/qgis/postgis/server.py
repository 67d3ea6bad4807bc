# SPDX-License-Identifier: GPL-2.0-or-later
"""A real PostgreSQL with PostGIS of its own, in a temporary folder, on a free port of loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ACCOUNT = "postgres"
WITH_PASSWORD = "with_password"
_START_S = 60.0


def find_binaries() -> Path:
    """Folder of the newest server that Debian installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[4]))
    assert found, "PostgreSQL is missing: run scripts/setup_qgis.sh"
    return found[-1].parent


class Server:
    """Starts, kills and starts again; loses no file until `remove`.

    Args:
        options: further `name=value` settings.
    """

    def __init__(self, options: tuple[str, ...] = ()) -> None:
        self.binaries = find_binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="ocsge-pg-"))
        # It ends with whoever started it, however that ends.
        self._as = ["setpriv", "--pdeathsig", "KILL"]
        if _is_root():
            # The server refuses to run as root: then Debian's account runs it.
            self._as += [f"--reuid={ACCOUNT}", f"--regid={_group()}", "--clear-groups"]
        if _is_root():
            shutil.chown(self.folder, ACCOUNT)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run(
            "initdb",
            "-D",
            str(self.data),
            "-A",
            "trust",
            "-U",
            ACCOUNT,
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        )
        # One group of accounts has to show a password, as on a server of an office.
        access = self.data / "pg_hba.conf"
        access.write_text(f"host all +{WITH_PASSWORD} 127.0.0.1/32 scram-sha-256\n{access.read_text()}")
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", *options)
        with (self.data / "postgresql.conf").open("a") as file:
            for setting in settings:
                name, _, value = setting.partition("=")
                file.write(f"{name} = '{value}'\n")
        self.start()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def conninfo(self) -> str:
        return f"host=127.0.0.1 port={self.port} user={ACCOUNT}"

    def start(self) -> None:
        command = [*self._as, str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        log.close()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            ready = [str(self.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def kill(self) -> None:
        """As a power cut would: the whole family at once, nothing flushed."""
        pids = [self._process.pid, *_children(self._process.pid)]
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._process.wait()
        # A killed server leaves its lock; the next one looks whether its number still runs.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=30)

    def remove(self) -> None:
        if self._process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, statement: str, database: str = ACCOUNT) -> str:
        """What psql answers."""
        command = [str(self.binaries / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        command += [f"{self.conninfo} dbname={database}", "-c", statement]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _run(self, name: str, *arguments: str) -> None:
        command = [*self._as, str(self.binaries / name), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder)
        assert done.returncode == 0, done.stderr


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in path.read_text().split()] if path.exists() else []


def _is_root() -> bool:
    return os.geteuid() == 0


def _group() -> int:
    return pwd.getpwnam(ACCOUNT).pw_gid
