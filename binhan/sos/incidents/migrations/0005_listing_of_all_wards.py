"""The city's list: the newest of all wards, without reading every incident there ever was."""
from django.db import migrations, models
from django_safemigrate import Safe

from binhan.commons.indexes import AddIndexBeside


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    atomic = False  # presses are stored while the index is built
    dependencies = [("incidents", "0004_fact_of_press")]
    operations = [
        AddIndexBeside("incident", models.Index(fields=["received_at", "id"], name="sos_incident_all_wards")),
    ]
