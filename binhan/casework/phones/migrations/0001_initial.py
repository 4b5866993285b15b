"""The phones and their answers, which the field context made and kept (field 0001, 0003): the tables stay where and as they
are, only their owner is another. So nothing is done to the database."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django_safemigrate import Safe

import binhan.kernel.ids


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    initial = True
    dependencies = [("access", "0001_initial"), ("field", "0001_phones"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [migrations.SeparateDatabaseAndState(database_operations=[], state_operations=[
        migrations.CreateModel(
            name="Device",
            fields=[
                ("state", models.TextField(default="active")),
                ("level", models.IntegerField(default=0)),
                ("moved_at", models.DateTimeField()),
                ("moved_by", models.TextField()),
                ("moved_verb", models.TextField()),
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("ward_id", models.IntegerField(db_index=True)),
                ("name", models.TextField()),
                ("schema", models.IntegerField()),
                ("received_to", models.BigIntegerField(default=0)),
                ("turfs", models.JSONField(default=list)),
                ("documents", models.IntegerField(default=0)),
                ("registered_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("synced_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("unsent", models.IntegerField(null=True)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+",
                                              to=settings.AUTH_USER_MODEL)),
                ("token", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                                            to="access.apitoken")),
            ],
            options={"db_table": "casework_device", "constraints": [
                models.CheckConstraint(condition=models.Q(("state__in", ["active", "wiping", "wiped", "retired"])),
                                       name="casework_device_state"),
                models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="casework_device_named"),
                models.CheckConstraint(condition=models.Q(("received_to__gte", 0)), name="casework_device_received")]},
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.UUIDField(default=binhan.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("ward_id", models.IntegerField(db_index=True)),
                ("item", models.UUIDField()),
                ("kind", models.TextField()),
                ("digest", models.BinaryField()),
                ("status", models.TextField()),
                ("answer", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("device", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="receipts",
                                             to="phones.device")),
            ],
            options={"db_table": "casework_receipt",
                     "indexes": [models.Index(fields=["item"], name="casework_receipt_item")],
                     "constraints": [models.UniqueConstraint(fields=("device", "item"), name="casework_receipt_once")]},
        ),
    ])]
