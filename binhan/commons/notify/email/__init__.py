"""E-mail through the operator's SMTP server."""
from __future__ import annotations

import smtplib
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from binhan.commons.context import messages
from binhan.commons.notify.actions import Outcome
from binhan.commons.notify.models import Message
from binhan.commons.people.models import Account

PATIENCE_S = 10


def job(message: Message) -> Callable[[], Outcome]:
    """One plain-text mail; without a server or an address it fails and says so. Its Message-ID is the message's own, so
    that a mail program shows a repeated one once."""
    account = Account.objects.filter(id=message.account_id).first()
    if account is None or not account.email:
        return lambda: Outcome(False, "the account has no e-mail address", permanent=True)
    if not settings.ENV.smtp_url:
        return lambda: Outcome(False, "no SMTP server is configured (BINHAN_SMTP_URL)", permanent=True)
    template = messages()[message.template]
    title, body = template.said(account.lang, message.params)
    mail = EmailMessage(title, f"{body}\n\n{settings.PUBLIC_URL}{template.url}\n", None, [account.email],
                        headers={"Message-ID": f"<{message.id}@binhan>"})
    return lambda: _send(mail)


def _send(mail: EmailMessage) -> Outcome:
    try:
        mail.connection = get_connection(timeout=PATIENCE_S)
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        return Outcome(False, f"refused: {refused}", permanent=True)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(False, str(error))
    return Outcome(True)
