"""Web Push (RFC 8030, 8291, 8292) with keys of our own: no app store and no third-party account."""
from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from binhan.commons.context import messages
from binhan.commons.notify.models import Message, PushSubscription
from binhan.commons.notify.rules import Job, Outcome, Template, settled
from binhan.commons.notify.webpush.post import RESTING, push
from binhan.commons.people.models import Account


def payload(message: Message, lang: str) -> str:
    """What the service worker shows: fixed words and ids, nothing about the person in danger."""
    template = messages()[message.template]
    title, body = template.said(lang, message.params)
    return json.dumps({"id": str(message.id), "title": title, "body": body, "url": template.url,
                       "subject_id": str(message.subject_id or ""), "ward": message.ward_id,
                       "urgent": template.urgent}, ensure_ascii=False)


def jobs(rows: Sequence[Message]) -> list[Job]:
    """Push to every browser of each one's account at once; one that took it is enough (2 queries for all)."""
    accounts = Account.objects.in_bulk({row.account_id for row in rows})
    browsers: dict[UUID, list[PushSubscription]] = defaultdict(list)
    for browser in PushSubscription.objects.filter(account_id__in=accounts):
        browsers[browser.account_id].append(browser)
    return [_job(row, accounts.get(row.account_id), browsers[row.account_id]) for row in rows]


def _job(message: Message, account: Account | None, browsers: list[PushSubscription]) -> Job:
    if account is None or not browsers:
        return settled(Outcome(False, "the account has no device that takes pushes", permanent=True))
    template = messages().get(message.template)
    if template is None:
        return settled(Outcome(False, f"cannot be made: there is no template {message.template}", permanent=True))
    try:
        text = payload(message, account.lang)
    except (KeyError, ValueError, IndexError) as error:  # what it counts has another name by now
        return settled(Outcome(False, f"cannot be made: {error!r}", permanent=True))
    # A newer message about the same takes the place of one that the device has not had yet (RFC 8030, 5.4).
    topic = message.subject_id.hex if message.subject_id else f"{message.template}-{message.ward_id}"[:32]
    return lambda: _send(browsers, text, template, topic)


async def _send(browsers: list[PushSubscription], text: str, template: Template, topic: str) -> Outcome:
    rest = [RESTING.left_s(browser.endpoint) for browser in browsers]
    awake = [browser for browser, left in zip(browsers, rest, strict=True) if not left]
    if not awake:
        return Outcome(False, "the push service does not answer: left in peace for a minute", later_s=min(rest) + 0.1)
    said = await asyncio.gather(*(push(browser, text, template, topic) for browser in awake))
    by = {name: tuple(browser.endpoint for browser, answer in zip(awake, said, strict=True) if answer.means == name)
          for name in ("well", "gone", "silent")}
    errors = list(dict.fromkeys(answer.error for answer in said if answer.error))
    return Outcome(bool(by["well"]), "; ".join(errors), permanent=len(by["gone"]) == len(browsers),
                   gone=by["gone"], silent=by["silent"], well=by["well"])
