# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of the interface itself, each with its HTTP status and the type of its exception document."""

from __future__ import annotations

from inference_backend.contracts.errors import OcsgeError

EXCEPTION = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"


class ApiError(OcsgeError):
    """Root of the errors of the interface itself: `status` and `kind` of its exception document."""

    status = 500
    kind = "about:blank"


class NoSuchPathError(ApiError):
    """No such address."""

    status, kind = 404, "about:blank"
    templates = {"en": "There is nothing at this address.", "fr": "Il n'y a rien à cette adresse."}


class NoSuchProcessError(ApiError):
    """`process_id`, `known`."""

    status, kind = 404, EXCEPTION + "no-such-process"
    templates = {
        "en": "No process “{process_id}”. Known: {known}.",
        "fr": "Aucun traitement « {process_id} ». Connus : {known}.",
    }


class NoSuchJobError(ApiError):
    """`job_id`."""

    status, kind = 404, EXCEPTION + "no-such-job"
    templates = {
        "en": "No job {job_id}. It may belong to another computer or account.",
        "fr": "Aucun travail {job_id}. Il appartient peut-être à un autre ordinateur ou compte.",
    }


class ResultNotReadyError(ApiError):
    """`job_id`, `status_text`."""

    status, kind = 404, EXCEPTION + "result-not-ready"
    templates = {
        "en": "The job {job_id} has no results (status: {status_text}). Wait until it is successful.",
        "fr": "Le travail {job_id} n'a pas de résultats (état : {status_text}). Attendez qu'il ait réussi.",
    }


class JobFailedError(ApiError):
    """`message_en`, `message_fr` of a failed job whose results were asked for; `job_status` for HTTP."""

    templates = {"en": "{message_en}", "fr": "{message_fr}"}

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.status = int(str(values.get("job_status", 500)))
        self.kind = "InvalidParameterValue" if self.status == 400 else "NoApplicableCode"


class GoneError(ApiError):
    """`job_id` of a job that was dismissed, whose results were asked for."""

    status, kind = 410, "about:blank"
    templates = {
        "en": "The job {job_id} was dismissed; it has no results.",
        "fr": "Le travail {job_id} a été annulé ; il n'a pas de résultats.",
    }


class NoSuchOutputError(ApiError):
    """`output_id`, `known`."""

    status, kind = 404, EXCEPTION + "no-such-output"
    templates = {
        "en": "No output “{output_id}”. Known: {known}.",
        "fr": "Aucune sortie « {output_id} ». Connues : {known}.",
    }


class LostFileError(ApiError):
    """A result that is not there any more: `output_id`."""

    status, kind = 410, "about:blank"
    templates = {
        "en": "The file of the output “{output_id}” was moved or removed since. Start the job again.",
        "fr": "Le fichier de la sortie « {output_id} » a été déplacé ou supprimé depuis. Relancez "
        "le travail.",
    }


class NoSuchFileError(ApiError):
    """`name`."""

    status, kind = 404, "about:blank"
    templates = {"en": "No file {name}. Send it first.", "fr": "Aucun fichier {name}. Envoyez-le d'abord."}


class BadFileNameError(ApiError):
    """A name that an upload cannot have."""

    status, kind = 400, "about:blank"
    templates = {
        "en": "A file's name has letters, digits, _, - and dots, 128 at most, and does not begin with a dot.",
        "fr": "Un nom de fichier comporte des lettres, chiffres, _, - et points, 128 au plus, et ne commence "
        "pas par un point.",
    }


class BadBodyError(ApiError):
    """A body that is no JSON object with `inputs`."""

    status, kind = 400, "about:blank"
    templates = {
        "en": 'The body must be a JSON object such as {{"inputs": {{…}}}}.',
        "fr": 'Le corps doit être un objet JSON tel que {{"inputs": {{…}}}}.',
    }


class BadParameterError(ApiError):
    """A parameter or a member of the body: `name`, `expected_en`, `expected_fr`."""

    status, kind = 400, "InvalidParameterValue"
    templates = {
        "en": "“{name}”: expected {expected_en}.",
        "fr": "« {name} » : il faut {expected_fr}.",
    }


class WrongContentError(ApiError):
    """A body of another kind: `expected`."""

    status, kind = 415, "about:blank"
    templates = {
        "en": "The body must be {expected}; say so in the header Content-Type.",
        "fr": "Le corps doit être {expected} ; indiquez-le dans l'en-tête Content-Type.",
    }


class OutOfReachError(ApiError):
    """A file or server that the service does not touch: `name`, `value`."""

    status, kind = 403, "about:blank"
    templates = {
        "en": "“{name}”: {value} is out of this service's reach. Use a folder or server that it allows "
        "(--allow, --allow-host), or send the file (PUT /files/NAME).",
        "fr": "« {name} » : {value} est hors de portée de ce service. Prenez un dossier ou un serveur qu'il "
        "autorise (--allow, --allow-host), ou envoyez le fichier (PUT /files/NOM).",
    }


class NotWithCookieError(ApiError):
    """A change asked for with a browser's session."""

    status, kind = 403, "about:blank"
    templates = {
        "en": "A browser's session lets one look. To change something, send Authorization: Bearer <token>.",
        "fr": "Une session de navigateur permet de regarder. Pour modifier, envoyez Authorization: Bearer "
        "<jeton>.",
    }


class WrongHostError(ApiError):
    """A Host header that is not ours: a page elsewhere made a name point here."""

    status, kind = 421, "about:blank"
    templates = {
        "en": "This service does not answer under that name. Use the address it was started with.",
        "fr": "Ce service ne répond pas sous ce nom. Utilisez l'adresse avec laquelle il a été lancé.",
    }


class HeadTooLargeError(ApiError):
    """The head of a request: `limit_bytes`."""

    status, kind = 431, "about:blank"
    templates = {
        "en": "The headers exceed {limit_bytes} bytes.",
        "fr": "Les en-têtes dépassent {limit_bytes} octets.",
    }


class TooManyRequestsError(ApiError):
    """`wait_s`: seconds until the next one."""

    status, kind = 429, "about:blank"
    templates = {
        "en": "Too many requests. Wait {wait_s} s.",
        "fr": "Trop de requêtes. Attendez {wait_s} s.",
    }


class TooManyJobsError(ApiError):
    """`limit`: unfinished jobs of one token."""

    status, kind = 429, "about:blank"
    templates = {
        "en": "{limit} jobs wait or run already. Wait for one to end, or dismiss one.",
        "fr": "{limit} travaux attendent ou tournent déjà. Attendez la fin de l'un d'eux, ou annulez-en un.",
    }


class TooSlowError(ApiError):
    """A body that stopped coming."""

    status, kind = 408, "about:blank"
    templates = {
        "en": "The body did not come in time. Send it again.",
        "fr": "Le corps n'est pas arrivé à temps. Renvoyez-le.",
    }


class QuotaError(ApiError):
    """`room_bytes`: what may still be sent."""

    status, kind = 413, "about:blank"
    templates = {
        "en": "Only {room_bytes} bytes are left for your files. Remove some (DELETE /files/NAME).",
        "fr": "Il ne reste que {room_bytes} octets pour vos fichiers. Supprimez-en (DELETE /files/NOM).",
    }


class IncompleteBodyError(ApiError):
    """`expected`, `received` bytes of an upload."""

    status, kind = 400, "about:blank"
    templates = {
        "en": "{received} bytes came instead of {expected}; nothing was kept. Send the file again.",
        "fr": "{received} octets sont arrivés au lieu de {expected} ; rien n'a été gardé. Renvoyez le "
        "fichier.",
    }


class ValueTooLargeError(ApiError):
    """`output_id`, `limit_bytes`."""

    status, kind = 400, "about:blank"
    templates = {
        "en": "The output “{output_id}” exceeds {limit_bytes} bytes. Ask for it with "
        "transmissionMode reference.",
        "fr": "La sortie « {output_id} » dépasse {limit_bytes} octets. Demandez-la avec transmissionMode "
        "reference.",
    }


class BodyTooLargeError(ApiError):
    """`limit_bytes`."""

    status, kind = 413, "about:blank"
    templates = {
        "en": "The body exceeds {limit_bytes} bytes. Give files by their paths.",
        "fr": "Le corps dépasse {limit_bytes} octets. Donnez les fichiers par leurs chemins.",
    }


class BadArraysError(ApiError):
    """A body that is no `.npz` of arrays, or lacks one: `reason`."""

    status, kind = 400, "about:blank"
    templates = {
        "en": "The body must be a NumPy .npz with the arrays that the documentation names, without pickles: "
        "{reason}.",
        "fr": "Le corps doit être un .npz de NumPy contenant les tableaux que nomme la documentation, sans "
        "pickle : {reason}.",
    }


class WrongDigestError(ApiError):
    """A body kept under its digest that has another one: `key`."""

    status, kind = 400, "about:blank"
    templates = {
        "en": "The address must end in the SHA-256 of the body; {key} is not. Send it again.",
        "fr": "L'adresse doit se terminer par le SHA-256 du corps ; {key} ne l'est pas. Renvoyez-le.",
    }


class NotKeptError(ApiError):
    """Something that the service does not keep, or has let go of: `key`."""

    status, kind = 404, "about:blank"
    templates = {
        "en": "{key} is not kept here, or no more. Send it again (PUT).",
        "fr": "{key} n'est pas, ou plus, conservé ici. Renvoyez-le (PUT).",
    }


class PatchTooLargeError(ApiError):
    """`limit_bytes`."""

    status, kind = 413, "about:blank"
    templates = {
        "en": "The body exceeds {limit_bytes} bytes. Send a smaller patch.",
        "fr": "Le corps dépasse {limit_bytes} octets. Envoyez une dalle plus petite.",
    }


class SupersededError(ApiError):
    """A newer question about the same patch has taken this one's place."""

    status, kind = 409, "about:blank"
    templates = {
        "en": "A newer request about the same patch has taken this one's place.",
        "fr": "Une demande plus récente sur la même dalle a remplacé celle-ci.",
    }


class TooMuchWaitingError(ApiError):
    """More live requests than are worth keeping: `wait_s`."""

    status, kind = 503, "about:blank"
    templates = {
        "en": "Too many requests are waiting. Try again in {wait_s} s.",
        "fr": "Trop de demandes en attente. Réessayez dans {wait_s} s.",
    }


class WrongTokenError(ApiError):
    """No bearer token, or another one."""

    status, kind = 401, "about:blank"
    templates = {
        "en": "The access token is missing or wrong. Send the header Authorization: Bearer <token>.",
        "fr": "Le jeton d'accès manque ou n'est pas le bon. Envoyez l'en-tête Authorization: Bearer <jeton>.",
    }


class NotAllowedError(ApiError):
    """A method that the address does not take."""

    status, kind = 405, "about:blank"
    templates = {
        "en": "This address does not take that method.",
        "fr": "Cette adresse n'accepte pas cette méthode.",
    }


class FaultError(ApiError):
    """Our fault; the details are in the log under `log_id`."""

    status, kind = 500, "about:blank"
    templates = {
        "en": "Unexpected error in the backend; the details are in its log under {log_id}.",
        "fr": "Erreur inattendue du moteur ; les détails sont dans son journal sous {log_id}.",
    }
