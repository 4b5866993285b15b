"""The walkable roads belong to the roads context from now on; their table stays where and as it is."""
from django.db import migrations
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.always()
    dependencies = [("visits", "0004_roads"), ("roads", "0001_initial")]

    operations = [migrations.SeparateDatabaseAndState(
        database_operations=[], state_operations=[migrations.DeleteModel(name="RoadNet")])]
