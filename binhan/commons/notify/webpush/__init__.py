"""Web Push (RFC 8030, 8291, 8292) with keys of our own: no app store and no third-party account."""
from __future__ import annotations

import base64
import json
import os
from functools import cache
from pathlib import Path

import requests
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from binhan.commons.notify.actions import Outcome, unsubscribe
from binhan.commons.notify.models import Message, PushSubscription
from binhan.commons.notify.rules import TEMPLATES
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
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(made.private_pem())
    return Vapid02.from_file(str(path))


def public_key() -> str:
    """The application server key that a browser subscribes with (base64url, uncompressed point)."""
    raw = vapid().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def payload(message: Message, lang: str) -> str:
    """What the service worker shows: fixed words and ids, nothing about the person in danger."""
    template = TEMPLATES[message.template]
    title, body = template.en if lang == "en" else template.vi
    return json.dumps({"id": str(message.id), "title": title, "body": body, "url": template.url,
                       "subject_id": str(message.subject_id or ""), "ward": message.ward_id,
                       "urgent": template.urgent}, ensure_ascii=False)


def send(message: Message) -> Outcome:
    """Push to every browser of the account; one that took it is enough. Dead subscriptions are forgotten."""
    account = Account.objects.filter(id=message.account_id).first()
    browsers = list(PushSubscription.objects.filter(account_id=message.account_id))
    if account is None or not browsers:
        return Outcome(False, "the account has no device that takes pushes", permanent=True)
    errors: list[str] = []
    taken = 0
    for browser in browsers:
        error = _push(browser, message, payload(message, account.lang))
        taken += not error
        errors += [error] if error else []
    return Outcome(taken > 0, "; ".join(errors))


def _push(browser: PushSubscription, message: Message, text: str) -> str:
    template = TEMPLATES[message.template]
    try:
        webpush({"endpoint": browser.endpoint, "keys": {"p256dh": browser.p256dh, "auth": browser.auth}}, data=text,
                vapid_private_key=vapid(), vapid_claims={"sub": settings.PUBLIC_URL if settings.SECURE
                                                         else "mailto:binhan@localhost.invalid"},
                ttl=template.ttl_s, timeout=5,
                headers={"Urgency": "high" if template.urgent else "normal",
                         "Topic": message.subject_id.hex[-32:] if message.subject_id else "binhan"})
    except WebPushException as refused:
        status = refused.response.status_code if refused.response is not None else None
        if status in GONE:
            unsubscribe(browser.endpoint)
        return f"push service answered {status}" if status else str(refused)
    except (requests.RequestException, ValueError) as error:
        return str(error)
    return ""
