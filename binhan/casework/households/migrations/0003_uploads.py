"""Files that are looked at before they are imported, and how long one is kept that nobody comes back to."""
from datetime import UTC, datetime

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django_safemigrate import Safe

import binhan.kernel.ids

SOURCE = "Mặc định của Bình An: tệp nhập dở không giữ quá một ngày. Không phải hạn luật định."


def fill(apps, schema_editor):
    policy = apps.get_model("clocks", "Policy")
    policy.objects.using(schema_editor.connection.alias).create(
        ward_id=0, name="import.keep_within", amount=86_400, unit="s", valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        source=SOURCE, verified=False)


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("households", "0002_door_facts"), ("clocks", "0004_track_kept"),
                    migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=binhan.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("ward_id", models.IntegerField(db_index=True)),
                ("name", models.TextField(blank=True, default="")),
                ("sheet", models.TextField(blank=True, default="")),
                ("body", models.BinaryField()),
                ("columns", models.JSONField(default=dict)),
                ("terms", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+",
                                              to=settings.AUTH_USER_MODEL)),
            ],
            options={"db_table": "casework_upload"},
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(fields=("ward_id", "account"), name="casework_upload_one_each"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
