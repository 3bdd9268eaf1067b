from django.db import migrations, models

# An alarm that is active now was raised by one series, or by its own subject.
HOLD = """
UPDATE alarms_alarm
SET held_by = jsonb_build_array(CASE WHEN series_id IS NULL THEN subject ELSE 'series:' || series_id END)
WHERE returned_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("alarms", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="alarm",
            name="held_by",
            field=models.JSONField(
                default=list,
                help_text="series:<id> and the like that hold it active; the last to end lets it return",
            ),
        ),
        migrations.RunSQL(HOLD, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("raised", "nổi lên"),
                    ("again", "nổi lại"),
                    ("joined", "thêm một nguồn cùng vượt"),
                    ("left", "một nguồn đã hết, nguồn khác còn vượt"),
                    ("returned", "đã hết"),
                    ("late", "vượt ngưỡng, số liệu đến muộn"),
                    ("corrected", "số liệu được sửa"),
                    ("acknowledged", "đã nhận"),
                    ("shelved", "tạm gác"),
                    ("unshelved", "thôi gác"),
                    ("suppressed", "chặn theo thiết kế"),
                    ("unsuppressed", "thôi chặn"),
                    ("comment", "ghi chú"),
                    ("silenced", "không nổi: quy tắc ngừng dùng"),
                ],
                max_length=20,
            ),
        ),
    ]
