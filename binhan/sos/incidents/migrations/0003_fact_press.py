"""Whose fact it is: after a merge several reporters share one incident, and none may read or undo for another."""
from django.db import migrations, models
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("incidents", "0002_default_ladder")]

    operations = [
        migrations.AddField("fact", "press_id", models.UUIDField(null=True)),
        migrations.RunSQL("UPDATE sos_fact SET press_id = incident_id WHERE by = 'resident'", migrations.RunSQL.noop),
    ]
