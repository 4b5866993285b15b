"""Admin page of messages: what was sent to whom, and whether it arrived."""
from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from binhan.commons.access.admin import OfficeAdmin
from binhan.commons.notify.models import Message
from binhan.commons.people.queries import display_name


@admin.register(Message)
class MessageAdmin(OfficeAdmin):
    """Receipts, to be read only."""

    names = (_("thông báo"), _("thông báo"))
    list_display = ("template", "who", "channel", "state", "created_at", "sent_at", "delivered_at", "read_at", "error")
    list_filter = ("channel", "state", "template")
    ordering = ("-created_at",)
    may_add = may_change = False

    @admin.display(description=_("Người nhận"))
    def who(self, row: Message) -> str:
        """The recipient's name."""
        return display_name(f"account:{row.account_id}")
