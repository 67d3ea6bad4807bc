# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS's network settings in pip's terms: proxy with its password, certificate authorities.

They reach pip through its environment, which other users cannot read, never through arguments or files; the
password is struck from every line that pip writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from qgis.core import QgsApplication, QgsNetworkAccessManager
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy, QNetworkProxyQuery

SOMEWHERE = "https://www.python.org/"
"""An address of the internet, for proxies that are chosen by address."""
AUTHORITY_VARIABLES = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
STRUCK = "***"


@dataclass(frozen=True)
class PipNetwork:
    """How pip reaches its index.

    Attributes:
        proxy: address with user and password; empty where QGIS has none, then the system's variables count.
        excluded: hosts that are reached without it.
        authorities: certificate authorities that QGIS trusts, the system's and the user's own, PEM.
        secrets: texts that no log may show.
    """

    proxy: str = ""
    excluded: tuple[str, ...] = ()
    authorities: str = ""
    secrets: tuple[str, ...] = ()

    @property
    def is_socks(self) -> bool:
        """Whether the proxy is of a kind that pip cannot use by itself."""
        return self.proxy.startswith("socks")

    def variables(
        self, known: Mapping[str, str], authorities_file: Path, pip_cert: str = ""
    ) -> dict[str, str]:
        """What to add to the environment of pip; writes the authorities' file.

        Args:
            known: the environment so far, whose own authorities stay trusted.
            authorities_file: where to write.
            pip_cert: the file that pip's own settings name; it stays trusted as well.
        """
        added = dict.fromkeys(PROXY_VARIABLES, self.proxy) if self.proxy else {}
        if self.proxy and self.excluded:
            added.update(dict.fromkeys(("NO_PROXY", "no_proxy"), ",".join(self.excluded)))
        files = dict.fromkeys([pip_cert, *(known.get(name, "") for name in AUTHORITY_VARIABLES)])
        trusted = [Path(name).read_text(encoding="utf-8") for name in files if name and Path(name).is_file()]
        if self.authorities:
            authorities_file.write_text("\n".join([*trusted, self.authorities]), encoding="utf-8")
            added.update(dict.fromkeys(AUTHORITY_VARIABLES, str(authorities_file)))
        return added

    def strike(self, line: str) -> str:
        """`line` without password."""
        for secret in self.secrets:
            line = line.replace(secret, STRUCK)
        return line


def network_of_qgis(url: str = SOMEWHERE) -> PipNetwork:
    """The user's settings in QGIS, for requests to `url`; in any thread."""
    manager = QgsNetworkAccessManager.instance()
    # A thread has a manager of its own, which keeps the settings of the thread's first request.
    manager.setupDefaultProxyAndCache()
    excluded = tuple(_hosts([*manager.excludeList(), *manager.noProxyList()]))
    proxy = _proxy(manager, url)
    address, secrets = _address(proxy) if proxy is not None else ("", ())
    return PipNetwork(address, excluded, _authorities(), secrets)


def _proxy(manager: QgsNetworkAccessManager, url: str) -> QNetworkProxy | None:
    factory = manager.proxyFactory()
    offered = factory.queryProxy(QNetworkProxyQuery(QUrl(url))) if factory is not None else []
    kinds = (
        QNetworkProxy.ProxyType.HttpProxy,
        QNetworkProxy.ProxyType.HttpCachingProxy,
        QNetworkProxy.ProxyType.Socks5Proxy,
    )
    return next((proxy for proxy in offered if proxy.type() in kinds and proxy.hostName()), None)


def _address(proxy: QNetworkProxy) -> tuple[str, tuple[str, ...]]:
    scheme = "socks5h" if proxy.type() == QNetworkProxy.ProxyType.Socks5Proxy else "http"
    place = f"{proxy.hostName()}:{proxy.port()}" if proxy.port() else proxy.hostName()
    if not proxy.user():
        return f"{scheme}://{place}", ()
    password = quote(proxy.password(), safe="")
    account = f"{quote(proxy.user(), safe='')}:{password}"
    # The longest first: what remains of a struck account must not be taken apart again.
    secrets = (account, f"{proxy.user()}:{proxy.password()}", password, proxy.password())
    return f"{scheme}://{account}@{place}", tuple(secret for secret in secrets if len(secret) > 1)


def _hosts(entries: list[str]) -> list[str]:
    """Hosts of QGIS's exclusions, which are beginnings of addresses."""
    return [host for entry in entries if (host := urlsplit(entry).hostname or entry.split("/")[0])]


def _authorities() -> str:
    return bytes(QgsApplication.authManager().trustedCaCertsPemText()).decode("ascii", "ignore")
