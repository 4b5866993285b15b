"""Web Push (RFC 8030, 8291, 8292) with keys of our own: no app store and no third-party account."""
from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from py_vapid import Vapid02

from binhan.commons.context import messages
from binhan.commons.notify.actions import Outcome
from binhan.commons.notify.models import Message, PushSubscription
from binhan.commons.notify.rules import Template
from binhan.commons.people.models import Account

GONE = (404, 410)


@cache
def vapid() -> Vapid02:
    """This installation's own signing key, made on first use and kept with the secrets (0600)."""
    path = Path(settings.ENV.data_dir) / "secrets" / "vapid.pem"
    if not path.exists():
        made = Vapid02()
        made.generate_keys()
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent) as file:  # 0600
            file.write(made.private_pem())
            file.flush()
            with suppress(FileExistsError):  # the office and the carrier may be first at once: one key holds for both
                os.link(file.name, path)
    return Vapid02.from_file(str(path))


def public_key() -> str:
    """The application server key that a browser subscribes with (base64url, uncompressed point)."""
    raw = vapid().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def payload(message: Message, lang: str) -> str:
    """What the service worker shows: fixed words and ids, nothing about the person in danger."""
    template = messages()[message.template]
    title, body = template.said(lang, message.params)
    return json.dumps({"id": str(message.id), "title": title, "body": body, "url": template.url,
                       "subject_id": str(message.subject_id or ""), "ward": message.ward_id,
                       "urgent": template.urgent}, ensure_ascii=False)


def job(message: Message) -> Callable[[], Outcome]:
    """Push to every browser of the account; one that took it is enough."""
    account = Account.objects.filter(id=message.account_id).first()
    browsers = list(PushSubscription.objects.filter(account_id=message.account_id))
    if account is None or not browsers:
        return lambda: Outcome(False, "the account has no device that takes pushes", permanent=True)
    text, template = payload(message, account.lang), messages()[message.template]
    topic = message.subject_id.hex[-32:] if message.subject_id else "binhan"
    return lambda: _send(browsers, text, template, topic)


def _send(browsers: list[PushSubscription], text: str, template: Template, topic: str) -> Outcome:
    errors, gone, taken = [], [], 0
    for browser in browsers:
        error, away = _push(browser, text, template, topic)
        taken += not error
        errors += [error] if error else []
        gone += [browser.endpoint] if away else []
    return Outcome(taken > 0, "; ".join(errors), permanent=len(gone) == len(browsers), gone=tuple(gone))


def _push(browser: PushSubscription, text: str, template: Template, topic: str) -> tuple[str, bool]:
    """(what went wrong, whether the browser is gone for good)."""
    from pywebpush import WebPushException, webpush  # noqa: PLC0415 - takes its time to load: the carrier has it loaded by then
    try:
        webpush({"endpoint": browser.endpoint, "keys": {"p256dh": browser.p256dh, "auth": browser.auth}}, data=text,
                vapid_private_key=vapid(), vapid_claims={"sub": settings.PUBLIC_URL if settings.SECURE
                                                         else "mailto:binhan@localhost.invalid"},
                ttl=template.ttl_s, timeout=5,
                headers={"Urgency": "high" if template.urgent else "normal", "Topic": topic})
    except WebPushException as refused:
        status = refused.response.status_code if refused.response is not None else None
        return f"push service answered {status}" if status else str(refused), status in GONE
    except Exception as error:  # noqa: BLE001 - one browser's bad keys must not keep the others of the account silent
        return str(error) or repr(error), False
    return "", False
