"""Too many presses from one source are collapsed into one incident, and what one press may say is counted."""
from django.db import migrations, models
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("incidents", "0005_listing_of_all_wards")]
    operations = [
        migrations.AddField("incident", "one_source", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("press", "said", models.IntegerField(default=0, db_default=0)),
        migrations.AddField("press", "said_bytes", models.IntegerField(default=0, db_default=0)),
        migrations.AddField("press", "fixes", models.IntegerField(default=0, db_default=0)),
    ]
