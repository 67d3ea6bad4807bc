# SPDX-License-Identifier: GPL-2.0-or-later
"""What the reader must know of the figures: lots that are not in them, hours that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inference_backend.contracts.indicators import Notice
from inference_backend.contracts.lot import LotState
from inference_backend.indicators.errors import Trouble
from inference_backend.indicators.figures import Figures

_LISTED = 12
"""Names in one sentence; tables and CSV files have them all."""
_ORDER = {"bad": 0, "warning": 1, "good": 2, "neutral": 3}
_STALE = {
    "en": "Another program keeps this lot to itself: its figures are those of the report before.",
    "fr": "Un autre programme garde ce lot pour lui : ses chiffres sont ceux du tableau de bord précédent.",
}
_NOT_KEPT = {
    "en": "Nothing could be kept beside the production file: the next report reads all lots again and gives "
    "people other pseudonyms.",
    "fr": "Rien n'a pu être gardé à côté du fichier de production : le prochain tableau de bord relira tous "
    "les lots et donnera d'autres pseudonymes.",
}


def notices_of(figures: Figures) -> tuple[Notice, ...]:
    """Notices, worst first."""
    found = [*_lots(figures), *_costs(figures), *_listed(figures), *_reading(figures)]
    return tuple(sorted(found, key=lambda notice: _ORDER[notice.level]))


def _lots(figures: Figures) -> Iterator[Notice]:
    for lot in figures.unread:
        if lot.error is not None:
            yield Notice("bad", {language: lot.error.text(language) for language in ("en", "fr")}, lot.label)
    for lot in figures.collected.lots:
        if lot.is_stale:
            yield Notice("warning", _STALE, lot.label)
    for label, count in figures.standing.lacking:
        text = {
            "en": f"Lots cut from it that the production does not have: {count}. Their surface is missing.",
            "fr": f"Lots issus de celui-ci absents de la production : {count}. Leur surface manque.",
        }
        yield Notice("bad", text, label)


def _costs(figures: Figures) -> Iterator[Notice]:
    for each in figures.departements:
        if each.cost.eur is None and each.lots and figures.production.roles:
            name = f"{each.departement.code} {each.departement.name}"
            why = {language: "; ".join(r[language] for r in each.cost.unknown) for language in ("en", "fr")}
            text = {
                "en": f"{name}: the cost is not known ({why['en']}).",
                "fr": f"{name} : coût non connu ({why['fr'].replace(';', ' ;')}).",
            }
            yield Notice("warning", text)


def _listed(figures: Figures) -> Iterator[Notice]:
    """Lots that have something in common, by name."""
    standing, collected = figures.standing, figures.collected
    strangers = [lot.label for lot in collected.lots if _is_stranger(lot.is_named, lot.error)]
    groups: tuple[tuple[str, Sequence[str], str, str], ...] = (
        (
            "warning",
            [lot.label for lot in figures.lots if lot.summary.is_ellipsoid],
            "Areas reckoned on the ellipsoid, because the projection distorts them",
            "Surfaces calculées sur l'ellipsoïde, car la projection les déforme",
        ),
        (
            "warning",
            [lot.label for lot in figures.lots if lot.is_accepted and not _says_when(lot.summary.history)],
            "Accepted since a day that the lot does not say; counted from the day of this report",
            "Acceptés depuis une date que le lot ne dit pas ; comptés à partir de ce jour",
        ),
        (
            "warning",
            collected.twice,
            "Named by two départements, counted in the first",
            "Cités par deux départements, comptés dans le premier",
        ),
        (
            "neutral",
            [copy for copy, _ in standing.copies],
            "Copies of a lot that counts already",
            "Copies d'un lot déjà compté",
        ),
        (
            "neutral",
            standing.parents,
            "Cut lots that count through their parts",
            "Lots découpés, comptés par leurs parties",
        ),
        (
            "neutral",
            standing.parts,
            "Parts that came back into a lot, which counts for them",
            "Parties revenues dans un lot, qui compte pour elles",
        ),
        ("neutral", strangers, "Files found that are no lots", "Fichiers trouvés qui ne sont pas des lots"),
        (
            "neutral",
            [lot.label for lot in figures.lots if lot.summary.is_old],
            "Lots of a schema without controls and signalements",
            "Lots d'un schéma sans contrôles ni signalements",
        ),
        ("neutral", collected.without_lots, "Départements without a lot yet", "Départements encore sans lot"),
    )
    for level, names, en, fr in groups:
        if names:
            listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
            text = {"en": f"{en} ({len(names)}): {listed}", "fr": f"{fr} ({len(names)}) : {listed}"}
            yield Notice(level, text)


def _reading(figures: Figures) -> Iterator[Notice]:
    cut = sum(lot.summary.cut_pauses for lot in figures.lots)
    if cut:
        longest = f"{figures.production.longest_gesture_s:g} s"
        text = {
            "en": f"Gestures that lasted longer than {longest}: {cut}. Each counts for that, the rest is "
            "taken for a pause.",
            "fr": f"Gestes de plus de {longest} : {cut}. Chacun compte pour cette durée, le reste est tenu "
            "pour une pause.",
        }
        yield Notice("neutral", text)
    if not figures.collected.is_kept:
        yield Notice("neutral", _NOT_KEPT)


def _is_stranger(is_named: bool, error: object) -> bool:
    return not is_named and getattr(error, "trouble", None) is Trouble.NO_LOT


def _says_when(history: tuple[tuple[str, str], ...]) -> bool:
    return any(time and state == LotState.ACCEPTED.value for time, state in history)
