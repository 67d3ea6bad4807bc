# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks values against the part of JSON Schema that our processes use, with answers a person understands.

Known keywords: type (one or several), properties, required, additionalProperties, items, enum, pattern,
minLength, minItems, minimum, exclusiveMinimum, and our `x-meaning` ({"en", "fr"}).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inference_backend.service.input_errors import BadValueError, MissingKeyError, UnknownKeyError

Schema = Mapping[str, Any]

_TYPES: dict[str, tuple[str, str]] = {
    "object": ("a table", "une table"),
    "array": ("a list", "une liste"),
    "string": ("a text", "un texte"),
    "number": ("a number", "un nombre"),
    "integer": ("a whole number", "un nombre entier"),
    "boolean": ("true or false", "true ou false"),
}


@dataclass(frozen=True)
class _Place:
    """Where in which document the value stands."""

    document: str
    key: str = ""

    def below(self, name: str) -> _Place:
        return _Place(self.document, f"{self.key}.{name}" if self.key else name)

    def bad(self, value: object, expected_en: str, expected_fr: str) -> BadValueError:
        return BadValueError(
            path=self.document, key=self.key, value=value, expected_en=expected_en, expected_fr=expected_fr
        )


def check(value: object, schema: Schema, document: str) -> None:
    """Raise the first fault of `value`.

    Args:
        value: what a TOML or JSON reader gave.
        schema: see the module.
        document: name for the messages: the file, or `inputs`.

    Raises:
        UnknownKeyError, MissingKeyError, BadValueError: as named.
    """
    _check(value, schema, _Place(document))


def _check(value: object, schema: Schema, place: _Place) -> None:
    types = schema.get("type", list(_TYPES))
    types = [types] if isinstance(types, str) else types
    if not any(_is(value, name) for name in types):
        raise place.bad(
            _shown(value),
            " or ".join(_TYPES[name][0] for name in types),
            " ou ".join(_TYPES[name][1] for name in types),
        )
    if isinstance(value, dict):
        _check_object(value, schema, place)
    elif isinstance(value, list):
        _check_array(value, schema, place)
    else:
        _check_scalar(value, schema, place)


def _check_object(value: dict[str, object], schema: Schema, place: _Place) -> None:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name, entry in value.items():
        if name in properties:
            _check(entry, properties[name], place.below(name))
        elif others is False:
            raise _unknown(name, properties, place)
        elif isinstance(others, Mapping):
            _check(entry, others, place.below(name))
    for name in schema.get("required", ()):
        if name not in value:
            meaning = properties[name].get("x-meaning", {"en": "needed", "fr": "nécessaire"})
            raise MissingKeyError(
                path=place.document,
                key=place.below(name).key,
                meaning_en=meaning["en"],
                meaning_fr=meaning["fr"],
            )


def _check_array(value: list[object], schema: Schema, place: _Place) -> None:
    if len(value) < schema.get("minItems", 0):
        raise place.bad("[]", "at least one entry", "au moins une entrée")
    for position, entry in enumerate(value):
        _check(entry, schema.get("items", {}), _Place(place.document, f"{place.key}[{position}]"))


def _check_scalar(value: object, schema: Schema, place: _Place) -> None:
    if "enum" in schema and value not in schema["enum"]:
        choices = ", ".join(map(str, schema["enum"]))
        raise place.bad(_shown(value), f"one of {choices}", f"l'une des valeurs {choices}")
    if isinstance(value, str):
        _check_text(value, schema, place)
    elif isinstance(value, (int, float)):
        _check_number(value, schema, place)


def _check_text(value: str, schema: Schema, place: _Place) -> None:
    if len(value) < schema.get("minLength", 0):
        raise place.bad(_shown(value), "a text that is not empty", "un texte non vide")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        meaning = schema.get("x-meaning", {"en": schema["pattern"], "fr": schema["pattern"]})
        raise place.bad(_shown(value), meaning["en"], meaning["fr"])


def _check_number(value: float, schema: Schema, place: _Place) -> None:
    if "minimum" in schema and value < schema["minimum"]:
        raise place.bad(value, f"at least {schema['minimum']}", f"au moins {schema['minimum']}")
    if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
        limit = schema["exclusiveMinimum"]
        raise place.bad(value, f"more than {limit}", f"plus de {limit}")


def _is(value: object, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    kinds: dict[str, type | tuple[type, ...]] = {
        "object": dict,
        "array": list,
        "string": str,
        "number": (int, float),
        "integer": int,
        "boolean": bool,
    }
    return isinstance(value, kinds[name])


def _unknown(name: str, known: Sequence[str] | Mapping[str, object], place: _Place) -> UnknownKeyError:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    if near:
        hint_en, hint_fr = f"Did you mean “{near[0]}”?", f"Vouliez-vous dire « {near[0]} » ?"
    else:
        names = ", ".join(sorted(known))
        hint_en, hint_fr = f"Known keys: {names}.", f"Clés connues : {names}."
    return UnknownKeyError(path=place.document, key=place.below(name).key, hint_en=hint_en, hint_fr=hint_fr)


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."
