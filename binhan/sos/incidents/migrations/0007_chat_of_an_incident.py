"""The chat of an incident without reading all that was learnt in it."""
from django.db import migrations, models
from django_safemigrate import Safe

from binhan.commons.indexes import AddIndexBeside


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    atomic = False  # presses are stored while the index is built
    dependencies = [("incidents", "0006_many_from_one_source")]
    operations = [
        AddIndexBeside("fact", models.Index(fields=["incident_id", "received_at", "id"], name="sos_fact_chat",
                                            condition=models.Q(kind="chat"))),
    ]
