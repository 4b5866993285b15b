"""Whether somebody has read a record within the hour is asked at every look: without walking through all reads of years."""
from django.db import migrations, models
from django_safemigrate import Safe

from binhan.commons.indexes import AddIndexBeside


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    atomic = False  # presses are stored while the index is built
    dependencies = [("journal", "0001_initial")]
    operations = [
        AddIndexBeside("entry", models.Index(
            fields=["ward_id", "subject_id", "actor", "at"], name="journal_entry_reads",
            condition=models.Q(verb="read"))),
    ]
