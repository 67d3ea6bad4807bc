# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks in words; texts from outside are escaped here and nowhere else."""

from __future__ import annotations

from html import escape

from inference_backend.contracts.signalement import STATUS_NAMES, Motive, Outbox
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.signalement_import import Brought
from ocsge_pi_review.domain.signalement import Reply, Signalement, motive_of, status_of

_MOST_NUMBERS = 12


def status_name(value: str | None) -> str:
    """A status in the user's language; of another release as it is written."""
    english, french = STATUS_NAMES[status_of(value)]
    name = french if user_language() == "fr" else english
    return name if status_of(value).value == value else str(value or "–")


def motive_name(motive: Motive | None) -> str:
    """A motive in the user's language."""
    if motive is None:
        return tr("without answer")
    return {
        Motive.CORRECTED: tr("corrected"),
        Motive.ALREADY_RIGHT: tr("already right"),
        Motive.BELOW_THRESHOLD: tr("below the minimum area"),
        Motive.LATER_THAN_IMAGE: tr("later than the image"),
        Motive.OUTSIDE_SPECIFICATIONS: tr("outside the specifications"),
        Motive.NOT_VISIBLE: tr("not visible"),
        Motive.UNRELATED: tr("unrelated to land cover and use"),
        Motive.DUPLICATE: tr("said in another remark"),
    }[motive]


def outbox_name(value: str) -> str:
    """Where an answer stands."""
    names = {
        Outbox.READY.value: tr("to be sent"),
        Outbox.SENDING.value: tr("on its way"),
        Outbox.SENT.value: tr("sent"),
        Outbox.REFUSED.value: tr("refused by the service"),
    }
    return names.get(value, tr("draft"))


def day(text: str | None) -> str:
    """The day of a date."""
    return (text or "")[:10]


def remark_html(one: Signalement) -> str:
    """A remark: what was written, by whom, its sketch, the replies and our answer."""
    who = " · ".join(
        part for part in (one.author, one.commune, day(one.opened_at), status_name(one.status)) if part
    )
    lines = [f"<span style='color:#555'>{escape(who)}</span>"]
    if one.theme_names:
        lines.append(f"<i>{escape(', '.join(one.theme_names))}</i>")
    lines.append(f"<b>{_paragraphs(one.text)}</b>" if one.text else tr("(no text)"))
    lines += [_part_line(part.get("properties")) for part in one.parts]
    if one.attachment_names:
        lines.append(escape(tr("Documents: {}").format(", ".join(one.attachment_names))))
    lines += [_reply_line(reply) for reply in one.reply_list]
    if one.is_answered:
        said = tr("Answer ({}, {}, {}): ").format(
            outbox_name(one.outbox), status_name(one.answer_status), motive_name(motive_of(one.motive))
        )
        answer = f"<span style='color:#1b5e20'>{escape(said)}{_paragraphs(one.answer)}</span>"
        lines.append(answer)
    return "<br>".join(line for line in lines if line)


def brought_text(done: Brought) -> str:
    """What an import did, with the numbers of what needs a look."""
    lines = [
        tr("{} new, {} updated, {} as they were").format(len(done.new), len(done.updated), len(done.same))
    ]
    for text, numbers in (
        (tr("outside this lot: {}"), done.outside),
        (tr("without a place: {}"), done.nowhere),
        (tr("closed or trials, left out: {}"), done.closed),
        (tr("changed while their answer waited, look at them again: {}"), done.held_back),
    ):
        if numbers:
            lines.append(text.format(_numbers(numbers)))
    return " ; ".join(lines)


def _numbers(numbers: list[str]) -> str:
    shown = ", ".join(numbers[:_MOST_NUMBERS])
    return f"{len(numbers)} ({shown}{'…' if len(numbers) > _MOST_NUMBERS else ''})"


def _part_line(properties: object) -> str:
    if not isinstance(properties, dict):
        return ""
    attributes = properties.get("attributes")
    pairs = [f"{key} = {value}" for key, value in attributes.items()] if isinstance(attributes, dict) else []
    said = " · ".join(str(part) for part in (properties.get("name"), *pairs) if part)
    return escape(tr("Sketch: {}").format(said)) if said else ""


def _reply_line(reply: Reply) -> str:
    said = tr("Reply of {} ({}): ").format(reply.author or "?", day(reply.date) or "–")
    return f"<span style='color:#555'>↳ {escape(said)}</span>{_paragraphs(reply.content)}"


def _paragraphs(text: str | None) -> str:
    return escape(text or "").replace("\n", "<br>")
