# SPDX-License-Identifier: GPL-2.0-or-later
"""Why a raster cannot be read, in the user's words instead of GDAL's."""

from __future__ import annotations

import re

from inference_backend.errors import RasterError
from inference_backend.predict.errors import RemoteRasterError, UnreadableRasterError
from inference_backend.predict.inputs.sources import Source, shown

_STATUS = re.compile(r"HTTP (?:response code|status code|error code|code)\s*:?\s*(\d{3})", re.IGNORECASE)
_EXCEPTION = re.compile(r"<(?:\w+:)?(?:ServiceException|ExceptionText)[^>]*>(.*?)</", re.DOTALL)
_OF_A_SERVER = ("CURL error", "GDALWMS", "Range downloading", "/vsicurl")
_UNREACHABLE = (
    *("resolve host", "connect", "timed out", "timeout", "too slow", "empty reply", "recv failure"),
    *("connection reset", "transfer closed", "http status code: 0"),
)
_Texts = tuple[str, str, str, str]

_ABSENT = (
    "the server has no such file (HTTP {code})",
    "le serveur n'a pas ce fichier (HTTP {code})",
    "Check the address, capital letters included.",
    "Vérifiez l'adresse, majuscules comprises.",
)
_CLOSED = (
    "the server refuses access (HTTP {code})",
    "le serveur refuse l'accès (HTTP {code})",
    "Give it your credentials: a line « machine HOST login NAME password WORD » in ~/.netrc, or the variable "
    "GDAL_HTTP_BEARER.",
    "Donnez-lui vos identifiants : une ligne « machine HÔTE login NOM password MOT » dans ~/.netrc, ou la "
    "variable GDAL_HTTP_BEARER.",
)
_WHOLE_FILE_ONLY = (
    "the server only gives the whole file (it knows no HTTP ranges)",
    "le serveur ne donne que le fichier entier (il ignore les requêtes HTTP partielles)",
    "Download the file and give the copy.",
    "Téléchargez le fichier et donnez la copie.",
)
_NO_SERVER = (
    "the server cannot be reached ({reason})",
    "le serveur est injoignable ({reason})",
    "Check the address, the network and the proxy (https_proxy), then start again.",
    "Vérifiez l'adresse, le réseau et le proxy (https_proxy), puis recommencez.",
)
_OTHER = (
    "the server's answer cannot be used: {reason}",
    "la réponse du serveur est inutilisable : {reason}",
    "Check the address, start again later, or copy the raster to this machine.",
    "Vérifiez l'adresse, recommencez plus tard, ou copiez le raster sur cette machine.",
)


def read_error(source: Source, error: BaseException) -> RasterError:
    """The error to raise for what rasterio raised about `source`."""
    reason = _first_cause(error)
    if source.kind == "file" and not any(word in reason for word in _OF_A_SERVER):
        return UnreadableRasterError(path=source.shown, reason=_shortened(reason))
    status = _STATUS.search(reason)
    code = int(status[1]) if status else 0
    values = {"code": code, "reason": _shortened(reason)}
    keys = ("problem_en", "problem_fr", "remedy_en", "remedy_fr")
    texts = (text.format(**values) for text in _problem(code, reason))
    return RemoteRasterError(path=source.shown, **dict(zip(keys, texts, strict=True)))


def _problem(code: int, reason: str) -> _Texts:
    if code in (404, 410):
        return _ABSENT
    if code in (401, 403, 407):
        return _CLOSED
    if "Range downloading not supported" in reason:
        return _WHOLE_FILE_ONLY
    if any(word in reason.lower() for word in _UNREACHABLE):
        return _NO_SERVER
    return _OTHER


def _first_cause(error: BaseException) -> str:
    """GDAL's first words: rasterio chains them below its own "Read failed"."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error).strip() or type(error).__name__


def _shortened(reason: str) -> str:
    """One line of `reason`, without addresses and GDAL's advice to programmers."""
    said_by_server = _EXCEPTION.search(reason)
    if said_by_server:
        return " ".join(said_by_server[1].split())
    text = re.sub(r"/vsicurl\?\S*?url=[^\s'\"]+", "URL", reason).split("\nAdd the HTTP status code")[0]
    line = re.sub(r"^GDALWMS: Unable to download block[^\n]*\nURL: ", "", text).splitlines()[0]
    return shown(line)[:300].rstrip(" .")
