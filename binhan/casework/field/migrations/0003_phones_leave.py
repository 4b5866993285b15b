"""Phones and what they were answered belong to the phones context from now on; their tables stay where and as they are."""
from django.db import migrations
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.always()
    dependencies = [("field", "0002_defaults"), ("phones", "0001_initial")]

    operations = [migrations.SeparateDatabaseAndState(
        database_operations=[],
        state_operations=[migrations.DeleteModel(name="Receipt"), migrations.DeleteModel(name="Device")])]
