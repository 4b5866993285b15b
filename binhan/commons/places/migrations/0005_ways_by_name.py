"""A page of doors begins at its way, wherever in the ward that is."""
from django.db import migrations, models
from django.db.models.functions import Collate
from django_safemigrate import Safe

from binhan.commons.indexes import AddIndexBeside


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    atomic = False  # ways are added while the index is built
    dependencies = [("places", "0004_households_register")]
    operations = [
        AddIndexBeside("way", models.Index("ward_id", Collate("search_key", "C"), "id", name="places_way_by_name")),
    ]
