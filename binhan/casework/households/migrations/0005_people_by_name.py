"""A name that half the ward bears is found by going down the list of names, not by sorting everybody."""
from django.db import migrations, models
from django_safemigrate import Safe

from binhan.commons.indexes import AddIndexBeside


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    atomic = False  # people are registered while the index is built
    dependencies = [("households", "0004_reading")]
    operations = [
        AddIndexBeside("person", models.Index(
            fields=["ward_id", "name_key", "id"], name="casework_person_by_name", condition=models.Q(active=True))),
    ]
