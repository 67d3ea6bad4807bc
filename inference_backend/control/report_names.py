# SPDX-License-Identifier: GPL-2.0-or-later
"""Words of a control's report in English and French."""

from __future__ import annotations

from collections.abc import Mapping

from inference_backend.contracts.control import ErrorKind
from inference_backend.contracts.control_report import Verdict
from inference_backend.contracts.nomenclature import Nomenclature
from inference_backend.reporting.words import Words

Pair = tuple[str, str]

DIMENSIONS: Mapping[str, Pair] = {
    "cs": ("Land cover (CS)", "Couverture du sol (CS)"),
    "us": ("Land use (US)", "Usage du sol (US)"),
    "joint": ("Cover and use both right", "Couverture et usage justes à la fois"),
}
SHORT: Mapping[str, Pair] = {"cs": ("cover", "couverture"), "us": ("use", "usage"), "": ("lot", "lot")}
MEASURES: Mapping[str, Pair] = {"count": ("by count", "par nombre"), "area": ("by area", "par surface")}
VERDICTS: Mapping[Verdict, Pair] = {
    Verdict.ACCEPTED: ("LOT ACCEPTED", "LOT ACCEPTÉ"),
    Verdict.REJECTED: ("LOT REJECTED", "LOT REJETÉ"),
    Verdict.UNDECIDED: ("NO DECISION POSSIBLE", "DÉCISION IMPOSSIBLE EN L'ÉTAT"),
}
VERDICT_WORDS: Mapping[str, Pair] = {
    "accepted": ("accepted", "accepté"),
    "rejected": ("rejected", "rejeté"),
    "undecided": ("undecided", "sans décision"),
}
VERDICT_KINDS: Mapping[str, str] = {"accepted": "good", "rejected": "bad", "undecided": "warning"}
RULES: Mapping[str, Pair] = {
    "iso2859": ("ISO 2859-1 single sampling plan", "plan d'échantillonnage simple ISO 2859-1"),
    "contract": ("contract thresholds", "seuils du marché"),
}
SEVERITIES: Mapping[str, Pair] = {
    "normal": ("normal inspection", "contrôle normal"),
    "tightened": ("tightened inspection", "contrôle renforcé"),
    "reduced": ("reduced inspection", "contrôle réduit"),
}
KINDS: Mapping[str, Pair] = {
    ErrorKind.COVER.value: ("wrong cover", "couverture fausse"),
    ErrorKind.USE.value: ("wrong use", "usage faux"),
    ErrorKind.OMISSION.value: ("object missing", "objet oublié"),
    ErrorKind.GEOMETRY.value: ("geometry", "géométrie"),
    ErrorKind.THRESHOLD.value: ("below threshold", "sous le seuil"),
}
DECIDED_ON: Mapping[str, Pair] = {
    "low": ("the lower end of the interval", "la borne basse de l'intervalle"),
    "estimate": ("the estimate", "l'estimation"),
    "high": ("the upper end of the interval", "la borne haute de l'intervalle"),
    "both": ("both ends of the interval", "les deux bornes de l'intervalle"),
}
UNITS: Mapping[str, Pair] = {"polygon": ("polygons", "polygones"), "point": ("points", "points")}
DRAWS: Mapping[str, Pair] = {
    "random": ("at random with equal probabilities", "au hasard, à probabilités égales"),
    "systematic": ("systematically from a random start", "systématique, à départ aléatoire"),
    "area": (
        "at random with probabilities proportional to area",
        "au hasard, à probabilités proportionnelles à la surface",
    ),
}
STRATA: Mapping[str, Pair] = {
    "none": ("none", "aucune"),
    "cover": ("delivered cover", "couverture livrée"),
    "use": ("delivered use", "usage livré"),
    "cover_and_use": ("delivered cover and use", "couverture et usage livrés"),
    "lot": ("lot", "lot"),
    "operator": ("interpreter", "photo-interprète"),
    "confidence": ("confidence", "confiance"),
    "commune": ("commune", "commune"),
}
ALLOCATIONS: Mapping[str, Pair] = {
    "proportional": ("proportional to size", "proportionnelle à la taille"),
    "equal": ("equal", "égale"),
    "neyman": ("Neyman (size and expected variance)", "de Neyman (taille et variance attendue)"),
    "share": ("the same share of each", "même taux dans chacune"),
}
SURFACES: Mapping[str, Pair] = {
    "projected": ("in the legal projection of the layer", "dans la projection légale de la couche"),
    "ellipsoid": ("on the ellipsoid", "sur l'ellipsoïde"),
}


DRAWN: Mapping[str, Pair] = {
    "random": ("simple random draw", "tirage aléatoire simple"),
    "systematic": ("systematic draw", "tirage systématique"),
    "area": ("draw proportional to area", "tirage proportionnel à la surface"),
    "points": ("points on the surface", "points sur la surface"),
}
WEIGHED: tuple[tuple[str, Pair], ...] = (
    ("_post_stratified", ("post-stratified by delivered class", "post-stratifié par classe livrée")),
    ("_stratified", ("stratified", "stratifié")),
)
NOTES: Mapping[str, Pair] = {
    "systematic_as_random": (
        "the systematic draw is treated as a random one, which rather overstates the error",
        "le tirage systématique est traité comme aléatoire, ce qui majore plutôt l'erreur",
    ),
    "post_strata_joined": (
        "classes with too few units were joined before weighting",
        "les classes trop peu représentées ont été regroupées avant pondération",
    ),
    "single_unit_strata_collapsed": (
        "strata with a single unit were joined to estimate the standard error",
        "les strates à une seule unité ont été regroupées pour estimer l'erreur type",
    ),
    "strata_without_answer": (
        "strata without any answer are not covered by the estimate",
        "les strates sans aucune réponse ne sont pas couvertes par l'estimation",
    ),
}


class Names:
    """Words and labels of one page.

    Args:
        words: its language.
        nomenclature: labels of the codes, None to show codes alone.
    """

    def __init__(self, words: Words, nomenclature: Nomenclature | None) -> None:
        self.words, self._nomenclature = words, nomenclature

    def of(self, names: Mapping[str, Pair], key: object) -> str:
        """The word for a key; a key that nobody knows stands for itself."""
        pair = names.get(str(key))
        return self.words.t(*pair) if pair else str(key)

    def label(self, code: str | None) -> str:
        """Label of a code without the code, empty where it has none."""
        if self._nomenclature is None or code not in self._nomenclature:
            return ""
        return self._nomenclature[str(code)].label(self.words.language)

    def named(self, code: str | None, longest: int = 200) -> str:
        """Code and label, cut to `longest` characters."""
        if not code:
            return self.words.t("cannot say", "ne se prononce pas")
        text = f"{code} {self.label(code)}".strip()
        return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"

    def level(self, level: int) -> str:
        """Name of a level of the nomenclature."""
        if level == 0:
            return self.words.t("finest", "le plus fin")
        return self.words.t(f"level {level}", f"niveau {level}")

    def estimator(self, key: str) -> str:
        """Words for the key of an estimator; a key that nobody knows stands for itself."""
        for suffix, pair in WEIGHED:
            if key.endswith(suffix) and key.removesuffix(suffix) in DRAWN:
                return f"{self.of(DRAWN, key.removesuffix(suffix))}, {self.words.t(*pair)}"
        return self.of(DRAWN, key)

    def condition(self, name: str, subject: str) -> str:
        """What a test of the decision is about."""
        if name == "conformity":
            return self.words.t("Logical consistency of the whole lot", "Cohérence logique du lot entier")
        if name == "answers":
            return self.words.t("Every unit answered", "Toutes les unités répondues")
        if name == "opinions":
            return self.words.t(
                "Opinions that differ and were not settled", "Avis divergents qui n'ont pas été arbitrés"
            )
        if name == "signatory":
            return self.words.t("Decided against the rules", "Décidé contre les règles")
        rule, _, rest = name.partition("_")
        dimension = rest.partition("_")[0]
        what = self.of(SHORT, dimension)
        if rule == "iso2859":
            return self.words.t(f"Wrong units, {what}", f"Unités fausses, {what}")
        if rule == "unsaid":
            return self.words.t(f"Units not judged, {what}", f"Unités non jugées, {what}")
        if rest.endswith("_class"):
            return f"{what.capitalize()} {self.named(subject)}"
        if rest.endswith("_overall"):
            return self.words.t(f"Overall accuracy, {what}", f"Exactitude globale, {what}")
        return f"{name} {subject}".strip()
