"""E-mail through the operator's SMTP server."""
from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import send_mail

from binhan.commons.notify.actions import Outcome
from binhan.commons.notify.models import Message
from binhan.commons.notify.rules import TEMPLATES
from binhan.commons.people.models import Account


def send(message: Message) -> Outcome:
    """One plain-text mail; without a server or an address it fails and says so."""
    account = Account.objects.filter(id=message.account_id).first()
    if account is None or not account.email:
        return Outcome(False, "the account has no e-mail address", permanent=True)
    if not settings.ENV.smtp_url:
        return Outcome(False, "no SMTP server is configured (BINHAN_SMTP_URL)", permanent=True)
    title, body = TEMPLATES[message.template].en if account.lang == "en" else TEMPLATES[message.template].vi
    try:
        send_mail(title, f"{body}\n\n{settings.PUBLIC_URL}{TEMPLATES[message.template].url}\n", None, [account.email])
    except smtplib.SMTPRecipientsRefused as refused:
        return Outcome(False, f"refused: {refused}", permanent=True)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(False, str(error))
    return Outcome(True)
