"""Columns of a file: what was announced, how much of it is here, what it belongs to. The bytes lie beside it."""
from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from binhan.commons.files.rules.kinds import KINDS, MIMES


class File(models.Model):
    """A picture, voice note or sketch. `size` and `sha256` are of what the phone sends; pictures are stored made anew."""

    id = models.UUIDField(primary_key=True)
    ward_id = models.IntegerField(db_index=True)
    kind = models.TextField(choices=list(KINDS.items()))
    mime = models.TextField()
    size = models.IntegerField()
    sha256 = models.BinaryField()
    have = models.IntegerField(default=0)
    sent_by = models.TextField()
    begun_at = models.DateTimeField()
    whole_at = models.DateTimeField(null=True)
    stored = models.IntegerField(default=0)  # bytes as they are kept
    subject_kind = models.TextField(default="", blank=True)
    subject_id = models.UUIDField(null=True)
    attached_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "files_file"
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="files_file_subject"),
                   models.Index(fields=["ward_id", "begun_at"], name="files_file_begun")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=sorted(KINDS)), name="files_file_kind"),
            models.CheckConstraint(condition=Q(mime__in=sorted({m for mimes in MIMES.values() for m in mimes})),
                                   name="files_file_mime"),
            models.CheckConstraint(condition=Q(size__gt=0, have__gte=0, have__lte=F("size")), name="files_file_size"),
            models.CheckConstraint(condition=Q(whole_at__isnull=True, attached_at__isnull=True) | Q(
                whole_at__isnull=False, have=F("size"), stored__gt=0), name="files_file_whole"),
            models.CheckConstraint(condition=Q(subject_kind="", subject_id__isnull=True, attached_at__isnull=True) | ~Q(
                subject_kind="") & Q(subject_id__isnull=False, attached_at__isnull=False), name="files_file_attached")]


class Part(models.Model):
    """Bytes of a file from `offset` on; one row with all of them once it is whole."""

    ward_id = models.IntegerField()
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="parts")
    offset = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "files_part"
        constraints = [models.UniqueConstraint(fields=["file", "offset"], name="files_part_once")]
