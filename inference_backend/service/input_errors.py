# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of values that a person or a program gives: a configuration file, the inputs of a process.

ConfigError
├── UnreadableConfigError   no such file, or not TOML
├── UnknownKeyError         a key that means nothing here
├── MissingKeyError         a key that is needed
└── BadValueError           a value of another kind or range
"""

from __future__ import annotations

from inference_backend.errors import ConfigError


class UnreadableConfigError(ConfigError):
    """No such file, or not TOML: `path`, `reason`."""

    templates = {
        "en": "{path}: cannot be read as a configuration: {reason}. Correct that line, or start from "
        "the example of `ocsge run --example`.",
        "fr": "{path} : lecture impossible comme configuration : {reason}. Corrigez cette ligne, ou partez "
        "de l'exemple donné par `ocsge run --example`.",
    }


class UnknownKeyError(ConfigError):
    """A key that means nothing here: `path`, `key`, `hint_en`, `hint_fr`."""

    templates = {
        "en": "{path}: unknown key “{key}”. {hint_en}",
        "fr": "{path} : clé inconnue « {key} ». {hint_fr}",
    }


class MissingKeyError(ConfigError):
    """A key that is needed: `path`, `key`, `meaning_en`, `meaning_fr`."""

    templates = {
        "en": "{path}: the key “{key}” is missing ({meaning_en}). Add it.",
        "fr": "{path} : la clé « {key} » manque ({meaning_fr}). Ajoutez-la.",
    }


class BadValueError(ConfigError):
    """A value of another kind or range: `path`, `key`, `value`, `expected_en`, `expected_fr`."""

    templates = {
        "en": "{path}: “{key}” is {value}, expected {expected_en}. Correct it.",
        "fr": "{path} : « {key} » vaut {value}, il faut {expected_fr}. Corrigez cette valeur.",
    }
