"""What this context brings: messages to accounts; which there are, each context says itself."""
from __future__ import annotations

from binhan.commons.context import Context
from binhan.commons.notify.api import router
from binhan.commons.notify.rules import Template, Urgency
from binhan.kernel.words import Words

CONTEXT = Context(
    app="binhan.commons.notify",
    name=Words("Thông báo", "Messages"),
    routers=(router,),
    messages={"test": Template(Words("Bình An: tin thử", "Bình An: test"),
                               Words("Máy này nhận được thông báo.", "This device receives notifications."), "/", 120,
                               Urgency.TRIAL)},
)
