"""/api/incidents/…/messages and /presses: the chat of an incident, and the presses that were collapsed into one."""
from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import Field
from typing_extensions import TypedDict

from binhan.commons.access.api import Body, require
from binhan.commons.access.rules import DESK
from binhan.commons.journal.actions import record_read
from binhan.commons.wire import Id
from binhan.kernel.errors import Problem
from binhan.kernel.ids import new_id
from binhan.kernel.text import TextRefused, clean
from binhan.sos.api.incidents import FullIncident, find, full_json
from binhan.sos.incidents.actions import send_message, split_press
from binhan.sos.incidents.queries import ChatLine, CollapsedPress, has_said, messages_json, presses_json

router = Router(tags=["incidents"])


class MessageIn(Body):
    """A chat line; the same id again is the same line."""

    id: UUID = Field(default_factory=new_id)
    text: str = Field(min_length=1, max_length=1000)


class ChatPage(TypedDict):
    """Lines of a chat, oldest first. `older`: the line before which there are more (`before=…`), null at the beginning."""

    items: list[ChatLine]
    older: Id | None


class Chat(ChatPage):
    """The latest lines of a chat after one was added."""

    messages: Annotated[list[ChatLine], Field(deprecated=True)]  # until version 2: `items` (docs/adr/0017)


class PressPage(TypedDict):
    """Presses from one source, newest first. `next`: the press before which there are more (`before=…`)."""

    items: list[CollapsedPress]
    next: Id | None


@router.get("/incidents/{incident_id}/messages", response=ChatPage)
def list_messages(request: HttpRequest, incident_id: UUID, before: UUID | None = None) -> Any:
    """The latest 50 lines of the chat, or the 50 before one of them."""
    incident, mine = find(request, incident_id)
    items, older = messages_json(incident, before)
    record_read(incident.ward_id, mine.actor, "incident", incident.id, "sos")
    return {"items": items, "older": older}


@router.post("/incidents/{incident_id}/messages", response=Chat)
def post_message(request: HttpRequest, incident_id: UUID, body: MessageIn) -> Any:
    """A chat line to the resident."""
    incident, mine = find(request, incident_id)
    try:
        text = clean(body.text, 1000)
    except TextRefused as refused:
        raise Problem(422, "bad_text", "Tin nhắn quá dài hoặc có ký tự hỏng.", f"text: {refused}") from None
    send_message(incident.id, mine.actor, body.id, text)
    if not has_said(incident.id, body.id, text):  # else their words would be lost in silence
        raise Problem(409, "id_taken", "Mã tin nhắn này đã dùng cho nội dung khác. Hãy gửi lại như tin mới.",
                      "This message id was used for other words. Send it again as a new one.")
    kept, older = messages_json(incident)
    return {"items": kept, "messages": kept, "older": older}


@router.get("/incidents/{incident_id}/presses", response=PressPage)
def list_presses(request: HttpRequest, incident_id: UUID, before: UUID | None = None) -> Any:
    """The presses that were collapsed into an incident because too many came from one source; none for any other."""
    incident, mine = find(request, incident_id)
    items, after = presses_json(incident, before)
    if not mine.has(incident.ward_id, *DESK):
        items = [{**item, "phone": None} for item in items]  # a crew sees the task, not the reporter's phone
    record_read(incident.ward_id, mine.actor, "incident", incident.id, "sos")
    return {"items": items, "next": after}


@router.post("/incidents/{incident_id}/presses/{press_id}/split", response={201: FullIncident})
def post_split(request: HttpRequest, incident_id: UUID, press_id: UUID) -> Any:
    """Take one press out into an incident of its own, which waits to be acknowledged as any other."""
    incident, _ = find(request, incident_id)
    mine = require(request, incident.ward_id, *DESK)
    return 201, full_json(split_press(incident.id, press_id, mine.actor), mine)
