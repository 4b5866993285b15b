"""Phones and what they were answered belong to the phones context from now on; their tables stay where and as they are."""
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("field", "0002_defaults"), ("phones", "0001_initial")]

    operations = [migrations.SeparateDatabaseAndState(
        database_operations=[],
        state_operations=[migrations.DeleteModel(name="Receipt"), migrations.DeleteModel(name="Device")])]
