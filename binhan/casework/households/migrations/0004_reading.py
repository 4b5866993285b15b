"""What was read of a file is kept, and not the file: in the same column, which the version before takes for a broken file."""
from django.db import migrations, models
from django_safemigrate import Safe


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("households", "0003_uploads")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.RenameField("upload", "body", "table"),
            migrations.AlterField("upload", "table", models.BinaryField(db_column="body", default=b"")),
        ]),
        migrations.AddField("upload", "rows_read", models.IntegerField(db_default=0, default=0)),
        migrations.AddField("upload", "reading_at", models.DateTimeField(null=True)),
        migrations.AddField("upload", "unreadable", models.JSONField(null=True)),
    ]
