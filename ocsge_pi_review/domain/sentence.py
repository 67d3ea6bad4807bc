# SPDX-License-Identifier: GPL-2.0-or-later
"""Why a polygon is in the queue, as one sentence with its figures, in French or English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from inference_backend.contracts.lot import Reason
from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.patch import PolygonRow

VOWELS = "aeiouyhéèêâîôù"
NARROW = "\u202f"
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Doubt:
    """What the sentence is made from.

    Attributes:
        row: the polygon.
        item: its item.
        nomenclature: labels of the codes.
        language: `fr`, else English.
    """

    row: PolygonRow
    item: ReviewItem
    nomenclature: Nomenclature
    language: str

    @property
    def is_french(self) -> bool:
        """Whether to write French."""
        return self.language == "fr"

    def say(self, english: str, french: str, **values: str) -> str:
        """One of two texts, filled."""
        return (french if self.is_french else english).format(**values)

    def share(self, column: str) -> str:
        """A share of the polygon in whole percent, empty where unknown or nothing."""
        value = self.row.attributes.get(column)
        return percent(float(value)) if isinstance(value, int | float) and value >= 0.005 else ""

    def label(self, code: str | None) -> str:
        """Label of a code between quotation marks; the code itself where it is unknown."""
        text = str(code or "–")
        if code is not None and code in self.nomenclature:
            text = self.nomenclature[code].label(self.language)
        return f"«{NO_BREAK}{text}{NO_BREAK}»" if self.is_french else f"“{text}”"


def percent(share: float) -> str:
    """A share as a whole percentage, with a narrow space."""
    return f"{round(100 * share)}{NARROW}%"


def reason_sentence(row: PolygonRow, item: ReviewItem, nomenclature: Nomenclature, language: str) -> str:
    """One sentence with every reason, strongest first; empty without any."""
    doubt = Doubt(row, item, nomenclature, language)
    clauses = [_CLAUSES[reason](doubt) for reason in item.reasons if reason in _CLAUSES]
    if not clauses:
        return ""
    return _french(clauses) if doubt.is_french else _english(clauses)


def _french(clauses: list[str]) -> str:
    parts = [("qu'" if clause[0].lower() in VOWELS else "que ") + clause for clause in clauses]
    return f"À vérifier parce {_listed(parts, ' et ')}."


def _english(clauses: list[str]) -> str:
    return f"To check because {_listed(clauses, ' and ')}."


def _listed(parts: list[str], last: str) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + last + parts[-1]


def _low_confidence(doubt: Doubt) -> str:
    sure = doubt.item.confidence
    if sure is None:
        return doubt.say("the model is not sure of the cover", "le modèle n'est pas sûr de la couverture")
    return doubt.say(
        "the model is only {sure} sure of the cover",
        "le modèle n'est sûr de la couverture qu'à {sure}",
        sure=percent(sure),
    )


def _small_margin(doubt: Doubt) -> str:
    first, second = doubt.item.proposed_cs, doubt.item.runner_up_cs
    if not second or second == first:
        return doubt.say(
            "two covers are almost as likely as each other", "deux couvertures sont presque aussi probables"
        )
    return doubt.say(
        "{first} and {second} are almost as likely as each other",
        "{first} et {second} sont presque aussi probables",
        first=doubt.label(first),
        second=doubt.label(second),
    )


def _undecided(doubt: Doubt) -> str:
    share = doubt.share("undecided_share")
    if not share:
        return doubt.say("a large part is undecided", "une grande partie est restée indécise")
    return doubt.say("{share} of it are undecided", "{share} de la surface sont restés indécis", share=share)


def _reference_disagrees(doubt: Doubt) -> str:
    share = doubt.share("disagree_share")
    if not share:
        return doubt.say(
            "the reference data say something else", "les données de référence disent autre chose"
        )
    return doubt.say(
        "the reference data say something else on {share} of it",
        "les données de référence disent autre chose sur {share} de la surface",
        share=share,
    )


def _missing_source(doubt: Doubt) -> str:
    return doubt.say("no reference data know this object", "aucune donnée de référence ne connaît cet objet")


def _use_by_default(doubt: Doubt) -> str:
    return doubt.say(
        "its use {use} was given for want of a source",
        "l'usage {use} a été donné faute de source",
        use=doubt.label(doubt.item.proposed_us),
    )


def _merged_much(doubt: Doubt) -> str:
    share = doubt.share("merged_share")
    if not share:
        return doubt.say("it was made of many small pieces", "il réunit de nombreux petits morceaux")
    return doubt.say(
        "{share} of it had another cover before small pieces were merged",
        "{share} de la surface avaient une autre couverture avant la fusion des petits morceaux",
        share=share,
    )


def _suspicious_shape(doubt: Doubt) -> str:
    return doubt.say("its shape is unusual", "sa forme est inhabituelle")


def _at_stake(doubt: Doubt) -> str:
    item, pairs = doubt.item, doubt.nomenclature
    now = pairs.is_artificialised(item.proposed_cs, item.proposed_us)
    other = pairs.is_artificialised(item.runner_up_cs or "", item.proposed_us)
    if item.runner_up_cs and now != other:
        return doubt.say(
            "the second choice would make it {status}",
            "avec le second choix, il serait {status}",
            status=doubt.say("artificialised", "artificialisé")
            if other
            else doubt.say("not artificialised", "non artificialisé"),
        )
    return doubt.say(
        "the answer decides whether the ground is artificialised",
        "la réponse décide si le sol est artificialisé",
    )


def _signalement(doubt: Doubt) -> str:
    return doubt.say("somebody in the territory remarked on it", "un signalement le concerne")


def _control_error(doubt: Doubt) -> str:
    return doubt.say("a control found it wrong", "un contrôle l'a trouvé faux")


_CLAUSES: Mapping[str, Callable[[Doubt], str]] = {
    Reason.LOW_CONFIDENCE.value: _low_confidence,
    Reason.SMALL_MARGIN.value: _small_margin,
    Reason.UNDECIDED.value: _undecided,
    Reason.REFERENCE_DISAGREES.value: _reference_disagrees,
    Reason.MISSING_SOURCE.value: _missing_source,
    Reason.USE_BY_DEFAULT.value: _use_by_default,
    Reason.MERGED_MUCH.value: _merged_much,
    Reason.SUSPICIOUS_SHAPE.value: _suspicious_shape,
    Reason.ARTIFICIALISATION_AT_STAKE.value: _at_stake,
    Reason.SIGNALEMENT.value: _signalement,
    Reason.CONTROL_ERROR.value: _control_error,
}
