"""How long the exact track of a patrol is kept."""
from datetime import UTC, datetime

from django.db import migrations
from django_safemigrate import Safe


def fill(apps, schema_editor):
    apps.get_model("clocks", "Policy").objects.using(schema_editor.connection.alias).create(
        ward_id=0, name="patrol.keep_track", amount=30 * 86_400, unit="s", valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        source="Mặc định của Bình An: vết đi chính xác giữ 30 ngày. Không phải hạn luật định.", verified=False)


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("clocks", "0003_calendar")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
