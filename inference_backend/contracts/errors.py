# SPDX-License-Identifier: GPL-2.0-or-later
"""Root of every error of the project.

    OcsgeError                     carries its text in each language of the interface
    ├── ProfileError               a profile that cannot be used
    └── (each package adds its own branch in its errors.py)

An error names the file, the offending value and the remedy.
"""

from __future__ import annotations

from typing import ClassVar

DEFAULT_LANGUAGE = "en"


class OcsgeError(Exception):
    """An error whose text exists in English and French.

    A subclass sets `templates` to one `str.format` template per language; the
    constructor takes the values as keywords.

    Args:
        **values: what the templates name; kept in `values` for logs and HTTP answers.
    """

    templates: ClassVar[dict[str, str]] = {"en": "{detail}", "fr": "{detail}"}

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.text(DEFAULT_LANGUAGE))

    def text(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The message in `language` (`en`, `fr`), English where that language is missing."""
        template = self.templates.get(language[:2], self.templates[DEFAULT_LANGUAGE])
        return template.format(**self.values)

    def __reduce__(self) -> tuple[object, ...]:
        # Without this, an exception made from keywords does not cross a process border.
        return (_rebuild, (type(self), self.values))


def _rebuild(cls: type[OcsgeError], values: dict[str, object]) -> OcsgeError:
    return cls(**values)


class ProfileError(OcsgeError):
    """A profile is missing, malformed or lacks a value."""

    templates = {
        "en": "{path}: the profile cannot be used: {reason}. Restore the file or choose another profile.",
        "fr": "{path} : profil inutilisable : {reason}. Rétablissez-le ou choisissez-en un autre.",
    }
