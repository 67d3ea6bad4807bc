# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the review.

OcsgeError (contracts)
└── ReviewError
    ├── LotError               a lot that cannot be opened
    ├── DamagedLotError        a lot that could be opened, and then not be read
    ├── LayerFileError         a layer that the backend cannot be given
    ├── LockedPolygonError          belongs to the skeleton
    ├── UnknownCodeError            not a leaf of the profile's nomenclature
    ├── StalePolygonError           changed since the gesture was recorded
    ├── LostPolygonError            no longer in the layer
    ├── HeldItemError               a colleague works on the item, or decided it meanwhile
    │   └── DecidedItemError            the latter
    ├── MarginPolygonError          belongs to a neighbouring lot
    ├── BrokenCoverageError         the gesture would open a gap or an overlap
    ├── JournalError           a gesture that could not be written, and was not made
    │   ├── LostConnectionError     the database does not answer
    │   │   └── UncertainGestureError   nor says whether the last gesture reached it
    │   ├── ChangedLotError         a colleague changed the lot's state meanwhile
    │   └── NoRightError            the account may not write
    ├── SaveError              the layer refused the changes
    ├── WkbError               a geometry that is not one plain polygon
    └── GestureRefusedError
        ├── NotNeighboursError      no common border
        ├── MergeInPiecesError      the union would be several parts
        ├── LineDoesNotCrossError   the line leaves the polygon whole
        ├── LineCrossesItselfError
        ├── LineChangesNothingError no border moves
        ├── NoNeighbourError        nobody may take the ground
        ├── SliverError             what would be made is too small
        ├── BelowMinimumError       under the minimum area, where the profile refuses that
        ├── NoReferenceLineError    no line of another layer there
        ├── NoSegmentError          no segment there
        └── InvalidResultError      a part would be invalid
"""

from __future__ import annotations

from inference_backend.contracts.errors import OcsgeError


class ReviewError(OcsgeError):
    """Root of the review's errors."""


class LotError(ReviewError):
    """A lot that cannot be opened."""

    templates = {
        "en": "{path}: this lot cannot be opened: {problem_en}. {remedy_en}",
        "fr": "{path} : lot impossible à ouvrir : {problem_fr}. {remedy_fr}",
    }


class DamagedLotError(ReviewError):
    """A lot that could be opened, and then not be read: `path`, `reason`."""

    templates = {
        "en": "{path}: the lot can no longer be read ({reason}). Nothing was done. Close it, check "
        "the disk, and open your last copy; what was confirmed before is in its journal.",
        "fr": "{path} : le lot n'est plus lisible ({reason}). Rien n'a été fait. Fermez-le, "
        "vérifiez le disque et ouvrez votre dernière copie ; ce qui a été confirmé est dans son journal.",
    }


class LayerFileError(ReviewError):
    """A layer that the backend cannot be given: `layer`."""

    templates = {
        "en": "{layer}: {problem_en}. {remedy_en}",
        "fr": "{layer} : {problem_fr}. {remedy_fr}",
    }


class LockedPolygonError(ReviewError):
    """A polygon of the skeleton, which a review does not touch."""

    templates = {
        "en": "{id} belongs to the skeleton (OSSATURE = 1: {source}) and is locked. Roads and "
        "railways come "
        "from the reference data: correct them there, or work on a neighbour.",
        "fr": "{id} fait partie de l'ossature (OSSATURE = 1 : {source}), il est verrouillé. Les "
        "routes et voies "
        "ferrées viennent des données de référence : corrigez-les à la source, ou agissez sur un voisin.",
    }


class UnknownCodeError(ReviewError):
    """A code that a polygon may not carry."""

    templates = {
        "en": "{code} is not a code that the profile {profile} lets a polygon carry. Choose one of "
        "the palette.",
        "fr": "{code} n'est pas un code que le profil {profile} autorise pour un polygone. "
        "Choisissez-en un dans la palette.",
    }


class StalePolygonError(ReviewError):
    """The layer no longer holds what the journal says."""

    templates = {
        "en": "{id} was changed outside the review since that gesture. Nothing was done; open the "
        "lot again "
        "to start from its present state.",
        "fr": "{id} a été modifié hors de la reprise depuis ce geste. Rien n'a été fait ; rouvrez le "
        "lot pour "
        "repartir de son état actuel.",
    }


class LostPolygonError(ReviewError):
    """A polygon that the layer does not hold."""

    templates = {
        "en": "{id} is no longer in the layer, probably merged into a neighbour. Go to the next item.",
        "fr": "{id} n'est plus dans la couche, sans doute fusionné avec un voisin. Passez à "
        "l'élément suivant.",
    }


class HeldItemError(ReviewError):
    """An item that a colleague works on, or decided meanwhile: `rank`, `holder`, `until`."""

    templates = {
        "en": "Item {rank} is with {holder} ({until}). Nothing was done; go to the next item.",
        "fr": "L'élément {rank} est entre les mains de {holder} ({until}). Rien n'a été fait ; passez à "
        "l'élément suivant.",
    }


class DecidedItemError(HeldItemError):
    """An item that somebody changed while it was in front: `rank`, `holder`, `state`."""

    templates = {
        "en": "{holder} changed item {rank} meanwhile (it is now: {state}). Nothing of yours was written; "
        "go to the next item.",
        "fr": "{holder} a modifié l'élément {rank} entre-temps (il est désormais : {state}). Rien de votre "
        "part n'a été écrit ; passez à l'élément suivant.",
    }


class MarginPolygonError(ReviewError):
    """A polygon of the margin, which another lot decides: `id`, `lot`."""

    templates = {
        "en": "{id} belongs to a neighbouring lot ({lot}) and is shown to be read alone. Work on a polygon "
        "of this lot, or leave a comment for the controller.",
        "fr": "{id} appartient à un lot voisin ({lot}) et n'est là que pour être lu. Agissez sur un polygone "
        "de ce lot, ou laissez un commentaire au contrôleur.",
    }


class BrokenCoverageError(ReviewError):
    """A gesture that would open a gap or an overlap: `ids`, `detail`."""

    templates = {
        "en": "This gesture on {ids} would break the coverage ({detail}). Nothing was changed; run "
        "“Check the coverage of a lot” in the Processing toolbox.",
        "fr": "Ce geste sur {ids} romprait la partition ({detail}). Rien n'a été modifié ; lancez "
        "« Contrôler la partition d'un lot » dans la boîte à outils de traitements.",
    }


class JournalError(ReviewError):
    """A gesture that could not be journalled, and therefore was not made."""

    templates = {
        "en": "{path}: the gesture could not be journalled ({reason}) and was not made. Free space on the "
        "disk or close the other program that writes to the lot, then try again.",
        "fr": "{path} : le geste n'a pas pu être journalisé ({reason}), il n'a pas été fait. Libérez de la "
        "place sur le disque ou fermez l'autre programme qui écrit dans le lot, puis recommencez.",
    }


class LostConnectionError(JournalError):
    """The database does not answer: `label`, `reason`."""

    templates = {
        "en": "{label}: the database does not answer ({reason}). What was confirmed is kept, this was not "
        "made. Check the network; the next gesture connects again.",
        "fr": "{label} : la base de données ne répond plus ({reason}). Ce qui était confirmé est conservé, "
        "ceci n'a pas été fait. Vérifiez le réseau ; le prochain geste rétablira la connexion.",
    }


class UncertainGestureError(LostConnectionError):
    """The connection broke while the database was writing: `label`, `reason`."""

    templates = {
        "en": "{label}: the connection broke just as the gesture was being written ({reason}). Whether it "
        "was kept is asked as soon as the database answers; make it again then: it will not be made twice.",
        "fr": "{label} : la connexion s'est rompue pendant l'écriture du geste ({reason}). La base dira s'il "
        "a été conservé dès qu'elle répondra ; refaites-le alors, il ne sera pas fait deux fois.",
    }


class ChangedLotError(JournalError):
    """A lot whose state a colleague changed meanwhile: `label`, `state`."""

    templates = {
        "en": "{label}: a colleague changed the state of the lot meanwhile (it is now: {state}). Nothing "
        "was written; look at it, then try again.",
        "fr": "{label} : un collègue a changé l'état du lot entre-temps (il est désormais : {state}). Rien "
        "n'a été écrit ; regardez-le, puis recommencez.",
    }


class NoRightError(JournalError):
    """The account may not do that: `label`, `account`, `reason`."""

    templates = {
        "en": "{label}: the account “{account}” may not do that ({reason}). Nothing was changed; ask the "
        "manager of the database for the rights of an interpreter.",
        "fr": "{label} : le compte « {account} » n'en a pas le droit ({reason}). Rien n'a été modifié ; "
        "demandez les droits d'interprète à qui gère la base.",
    }


class SaveError(ReviewError):
    """The layer refused the changes; the journal keeps them."""

    templates = {
        "en": "{path}: the layer could not be saved: {reason}. Your {count} gestures are safe in the "
        "journal "
        "and will be applied when the lot is opened again.",
        "fr": "{path} : enregistrement de la couche impossible : {reason}. Vos {count} gestes sont à "
        "l'abri dans "
        "le journal et seront appliqués à la prochaine ouverture du lot.",
    }


class WkbError(ReviewError):
    """A geometry that is not one plain polygon."""

    templates = {
        "en": "A geometry is not a single two-dimensional polygon: {reason}. Check the lot with ocsge check.",
        "fr": "Une géométrie n'est pas un polygone simple en deux dimensions : {reason}. Contrôlez "
        "le lot avec "
        "ocsge check.",
    }


class GestureRefusedError(ReviewError):
    """A gesture that has no good result here."""


class NotNeighboursError(GestureRefusedError):
    """No common border."""

    templates = {
        "en": "{first} and {second} share no border. Click a polygon that touches it along a side.",
        "fr": "{first} et {second} n'ont pas de limite commune. Cliquez sur un polygone qui le touche "
        "par un côté.",
    }


class MergeInPiecesError(GestureRefusedError):
    """The union would be several parts."""

    templates = {
        "en": "Merging {first} and {second} would give {count} parts.",
        "fr": "La fusion de {first} et {second} donnerait {count} parties.",
    }


class LineDoesNotCrossError(GestureRefusedError):
    """The line leaves the polygon whole."""

    templates = {
        "en": "The line does not cross {id} from side to side. Start and end it outside the polygon.",
        "fr": "La ligne ne traverse pas {id} de part en part. Commencez-la et terminez-la hors du polygone.",
    }


class LineCrossesItselfError(GestureRefusedError):
    """The line crosses itself."""

    templates = {
        "en": "The line crosses itself. Draw it again without a loop.",
        "fr": "La ligne se recoupe. Retracez-la sans boucle.",
    }


class LineChangesNothingError(GestureRefusedError):
    """A line that moves no border: `id`."""

    templates = {
        "en": "The line moves no border of {id}. Start it on the border, draw the new course and end it "
        "on the border.",
        "fr": "La ligne ne déplace aucune limite de {id}. Partez de la limite, tracez le nouveau parcours et "
        "terminez sur la limite.",
    }


class NoNeighbourError(GestureRefusedError):
    """Ground that no neighbour may take: `id`."""

    templates = {
        "en": "No neighbour may take the ground of {id}: all belong to the skeleton or to another lot. "
        "Change its code instead, or ask the controller.",
        "fr": "Aucun voisin ne peut recevoir le terrain de {id} : tous font partie de l'ossature ou d'un "
        "autre lot. Changez plutôt son code, ou posez la question au contrôleur.",
    }


class SliverError(GestureRefusedError):
    """A gesture that would make nothing but a sliver: `area_m2`, `minimum_m2`."""

    templates = {
        "en": "What was drawn leaves {area_m2:.2f} m², less than {minimum_m2:g} m². Draw it larger.",
        "fr": "Le tracé ne laisse que {area_m2:.2f} m², moins de {minimum_m2:g} m². Tracez plus grand.",
    }


class NoReferenceLineError(GestureRefusedError):
    """No line of another layer under the mouse."""

    templates = {
        "en": "There is no line of a reference layer here. Show the reference vectors, or add a layer of "
        "lines or polygons to the project, and click on one of its lines.",
        "fr": "Aucune ligne d'une couche de référence à cet endroit. Affichez les vecteurs de référence, ou "
        "ajoutez au projet une couche de lignes ou de polygones, et cliquez sur l'une de ses lignes.",
    }


class NoSegmentError(GestureRefusedError):
    """No segment under the mouse: `reason_en`, `reason_fr`."""

    templates = {
        "en": "No segment here: {reason_en}.",
        "fr": "Aucun segment à cet endroit : {reason_fr}.",
    }


class BelowMinimumError(GestureRefusedError):
    """A gesture that brings a polygon under its minimum area: `id`, `area_m2`, `minimum_m2`."""

    templates = {
        "en": "{id} would have {area_m2:.0f} m², less than the minimum of {minimum_m2:g} m² there. Draw it "
        "larger, or give its ground to a neighbour. If a gesture that follows mends it, do it again: it is "
        "then written.",
        "fr": "{id} n'aurait que {area_m2:.0f} m², moins que le minimum de {minimum_m2:g} m² à cet endroit. "
        "Tracez plus grand, ou rattachez ce terrain à un voisin. Si un geste suivant y remédie, refaites-le "
        "au même endroit : il est alors écrit.",
    }


class InvalidResultError(GestureRefusedError):
    """A part would be invalid."""

    templates = {
        "en": "The result for {id} would be invalid: {reason}. Draw the line a little further off.",
        "fr": "Le résultat pour {id} serait invalide : {reason}. Tracez la ligne un peu plus à l'écart.",
    }
