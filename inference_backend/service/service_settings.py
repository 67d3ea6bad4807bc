# SPDX-License-Identifier: GPL-2.0-or-later
"""What the command that starts the service decides."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from inference_backend.errors import BackendError
from inference_backend.service.reach import Reach

LOOPBACK = "127.0.0.1"


class OpenServiceError(BackendError):
    """A service that others could reach, without what it needs then: `host`, `missing`."""

    templates = {
        "en": "{host}: a service that other computers reach needs {missing}. Tokens: --tokens FILE; folders "
        "that clients may name: --allow FOLDER, or --allow none where files are sent and fetched only.",
        "fr": "{host} : un service accessible à d'autres ordinateurs a besoin de {missing}. Jetons : "
        "--tokens FICHIER ; dossiers que les clients peuvent nommer : --allow DOSSIER, ou --allow none si "
        "les fichiers sont seulement envoyés et récupérés.",
    }


class HalfTlsError(BackendError):
    """A certificate without its key, or the reverse."""

    templates = {
        "en": "--tls-cert and --tls-key go together. Give both, or leave TLS to a reverse proxy.",
        "fr": "--tls-cert et --tls-key vont ensemble. Donnez les deux, ou laissez TLS à un mandataire "
        "inverse.",
    }


@dataclass(frozen=True)
class ServiceSettings:
    """Options of `ocsge serve`.

    Attributes:
        folder: of jobs, locks and files sent here.
        host: address to listen on.
        port: 0 for a free one.
        url: address under which clients know the service, where a proxy stands before it.
        workers: jobs at the same time.
        stop_with_stdin: end when standard input closes, as it does when the parent dies.
        models: folder of ONNX models offered over KServe V2 beside the embedded one.
        interactive: folder of interactive models for annotators, an encoder and a decoder each.
        tokens: file of named tokens; None for OCSGE_TOKEN alone.
        allow: folders that inputs may name; None where nothing was said, empty for none.
        allow_hosts: hosts that inputs may name.
        tls_cert: certificate, PEM; `tls_key` its key.
    """

    folder: Path
    host: str = LOOPBACK
    port: int = 0
    url: str = ""
    workers: int = 1
    stop_with_stdin: bool = False
    models: Path | None = None
    interactive: Path | None = None
    tokens: Path | None = None
    allow: tuple[Path, ...] | None = None
    allow_hosts: tuple[str, ...] = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None

    @property
    def is_local(self) -> bool:
        """Whether only this computer reaches the service."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def has_tls(self) -> bool:
        """Whether the service speaks https itself."""
        return self.tls_cert is not None

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it over https, directly or through a proxy."""
        return self.has_tls or self.url.startswith("https://")

    @property
    def reach(self) -> Reach:
        """Which files and hosts inputs may name."""
        return Reach(self.allow, self.allow_hosts, trusts_network=self.is_local)

    @property
    def known_hosts(self) -> frozenset[str] | None:
        """Names that a browser may use for a local service; every one for others, which are named by DNS."""
        if not self.is_local or self.url:
            return None
        return frozenset({"127.0.0.1", "localhost", "[::1]", self.host})

    def check(self) -> None:
        """Raise where something is missing.

        Raises:
            OpenServiceError: others could reach it, and it has no tokens or no limits.
            HalfTlsError: a certificate without its key.
        """
        if (self.tls_cert is None) != (self.tls_key is None):
            raise HalfTlsError()
        if not self.is_local:
            missing = [
                option
                for option, value in (("--tokens", self.tokens), ("--allow", self.allow))
                if value is None
            ]
            if missing:
                raise OpenServiceError(host=self.host, missing=" + ".join(missing))
