from django.db import migrations

# Jobs of before start from one picture at most, and where their plan wants it, it is the job's source.
FILL = """
INSERT INTO generation_jobsource (job_id, position, role, image_id)
SELECT id, 0, 'start', source_id FROM generation_job
 WHERE source_id IS NOT NULL AND (plan_values #>> '{stages,0,strength}')::float < 1
"""


class Migration(migrations.Migration):
    dependencies = [("generation", "0006_job_sources")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
