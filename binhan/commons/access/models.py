"""Grants (role × ward × area, with an end) and personal API tokens."""
from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from binhan.commons.access.rules import ROLES
from binhan.kernel.ids import new_id


class Grant(models.Model):
    """An account holds a role in a ward, from a day, until a day."""

    id = models.UUIDField(primary_key=True, default=new_id)
    ward_id = models.IntegerField("phường", db_index=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants",
                                verbose_name="tài khoản")
    role = models.TextField("vai trò", choices=[(code, vi) for code, (vi, _) in ROLES.items()])
    area_id = models.UUIDField(null=True, blank=True)
    valid_from = models.DateTimeField("từ", default=timezone.now)
    valid_to = models.DateTimeField("đến", null=True, blank=True)

    class Meta:
        db_table = "access_grant"
        verbose_name = "quyền"
        verbose_name_plural = "quyền"
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
