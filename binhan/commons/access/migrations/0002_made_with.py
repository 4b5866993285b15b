"""A token knows with which token it was made: it ends with that one."""
import django.db.models.deletion
from django.db import migrations, models
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("access", "0001_initial")]
    operations = [migrations.AddField("apitoken", "made_with", models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="made", to="access.apitoken"))]
