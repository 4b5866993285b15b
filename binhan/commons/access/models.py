"""Grants (role × ward × area, with an end) and personal API tokens."""
from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from binhan.commons.access.rules import ROLES
from binhan.commons.language import later
from binhan.kernel.ids import new_id


class Grant(models.Model):
    """An account holds a role in a ward, from a day, until a day."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField(_("phường"), db_index=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants",
                                verbose_name=_("tài khoản"))
    role = models.TextField(_("vai trò"), choices=[(code, later(words)) for code, words in ROLES.items()])
    area_id = models.UUIDField(null=True, blank=True)
    valid_from = models.DateTimeField(_("từ"), default=timezone.now)
    valid_to = models.DateTimeField(_("đến"), null=True, blank=True)

    class Meta:
        db_table = "access_grant"
        verbose_name = _("quyền")
        verbose_name_plural = _("quyền")
        indexes = [models.Index(fields=["account", "valid_from"], name="access_grant_account")]


class ApiToken(models.Model):
    """A personal token for the API: only its hash is kept; it acts with its owner's rights."""

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.TextField()
    token_hash = models.BinaryField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    made_with = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="made")  # ends with that one

    class Meta:
        db_table = "access_api_token"
