"""In-app: the row itself is the message; a page that is open shows it and answers with a receipt."""
from __future__ import annotations

from collections.abc import Callable

from binhan.commons.notify.actions import Outcome
from binhan.commons.notify.models import Message


def job(message: Message) -> Callable[[], Outcome]:
    """Nothing to carry: the message is there for the account's next look."""
    return lambda: Outcome(True)
