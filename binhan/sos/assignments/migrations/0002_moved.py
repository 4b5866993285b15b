"""An assignment keeps who moved it last, as every noun does; what is known of older ones is in the journal."""
from django.db import migrations, models
from django_safemigrate import Safe

FROM_JOURNAL = """
UPDATE sos_assignment a SET moved_at = coalesce(e.at, a.offered_at), moved_by = coalesce(e.actor, a.offered_by),
       moved_verb = coalesce(e.verb, 'offer')
FROM sos_assignment b LEFT JOIN LATERAL (
  SELECT j.at, j.actor, j.verb FROM journal_entry j
  WHERE j.ward_id = b.ward_id AND j.subject_id = b.id AND j.verb NOT IN ('pass_on', 'chase', 'read')
  ORDER BY j.seq DESC LIMIT 1) e ON true
WHERE a.id = b.id
"""


class Migration(migrations.Migration):

    safe = Safe.before_deploy()
    dependencies = [("assignments", "0001_initial"), ("journal", "0001_initial")]

    operations = [
        migrations.AddField("assignment", "moved_at", models.DateTimeField(null=True)),
        migrations.AddField("assignment", "moved_by", models.TextField(null=True)),
        migrations.AddField("assignment", "moved_verb", models.TextField(null=True)),
        migrations.RunSQL(FROM_JOURNAL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("assignment", "moved_at", models.DateTimeField()),
        migrations.AlterField("assignment", "moved_by", models.TextField()),
        migrations.AlterField("assignment", "moved_verb", models.TextField()),
    ]
