"""The table of finds, and how long one is kept before the office is reminded."""

from django.db import migrations, models
from django_safemigrate import Safe

from binhan.commons.cases.models import state_check
from tests.nouns.finds.lifecycle import FIND

POLICY = """INSERT INTO clocks_policy (ward_id, name, track, priority, amount, unit, valid_from, legal_basis, source, verified)
 VALUES (0, 'find.return_within', '', '', 5, 'wd', '2026-01-01T00:00:00Z', '', 'tests', false)"""


class Migration(migrations.Migration):

    initial = True
    safe = Safe.before_deploy()
    dependencies = [("clocks", "0001_initial")]

    operations = [
        migrations.CreateModel("Find", [
            ("id", models.UUIDField(primary_key=True, serialize=False)),
            ("ward_id", models.IntegerField(db_index=True)),
            ("state", models.TextField(default="kept")),
            ("level", models.IntegerField(default=0)),
            ("moved_at", models.DateTimeField()),
            ("moved_by", models.TextField()),
            ("moved_verb", models.TextField()),
            ("what", models.TextField()),
            ("found_at", models.DateTimeField()),
            ("receipt", models.TextField(blank=True, default="")),
            ("reason", models.TextField(blank=True, default="")),
        ], options={"db_table": "test_find", "constraints": [state_check(FIND)]}),
        migrations.RunSQL(POLICY, migrations.RunSQL.noop),
    ]
