"""E-mail through the operator's SMTP server."""
from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from binhan.commons.context import messages
from binhan.commons.notify.models import Message
from binhan.commons.notify.rules import Job, Outcome, settled
from binhan.commons.people.models import Account

PATIENCE_S = 10


LANES = ThreadPoolExecutor(4, thread_name_prefix="mail")  # a mail server that does not answer keeps no push waiting


def jobs(rows: Sequence[Message]) -> list[Job]:
    """One plain-text mail each; without a server or an address it fails and says so (1 query for all)."""
    accounts = Account.objects.in_bulk({row.account_id for row in rows})
    return [_job(row, accounts.get(row.account_id)) for row in rows]


def _job(message: Message, account: Account | None) -> Job:
    template = messages().get(message.template)
    if account is None or not account.email:
        return settled(Outcome(False, "the account has no e-mail address", permanent=True))
    if not settings.ENV.smtp_url:
        return settled(Outcome(False, "no SMTP server is configured (BINHAN_SMTP_URL)", permanent=True))
    if template is None:
        return settled(Outcome(False, f"cannot be made: there is no template {message.template}", permanent=True))
    try:
        title, body = template.said(account.lang, message.params)
    except (KeyError, ValueError, IndexError) as error:  # what it counts has another name by now
        return settled(Outcome(False, f"cannot be made: {error!r}", permanent=True))
    # Its Message-ID is the message's own, so that a mail program shows a repeated one once.
    mail = EmailMessage(title, f"{body}\n\n{settings.PUBLIC_URL}{template.url}\n", None, [account.email],
                        headers={"Message-ID": f"<{message.id}@binhan>"})

    async def send() -> Outcome:
        return await asyncio.get_running_loop().run_in_executor(LANES, _send, mail)
    return send


def _send(mail: EmailMessage) -> Outcome:
    try:
        mail.connection = get_connection(timeout=PATIENCE_S)
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        return Outcome(False, f"refused: {refused}", permanent=True)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(False, str(error))
    return Outcome(True)
