"""What a signature is for is kept as a fact, and put into words for whoever reads it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0002_pairs_of_a_contract")]
    operations = [
        migrations.AddField(
            "note",
            "outcome",
            models.CharField(
                max_length=5,
                choices=[
                    ("left", "số của bên trái đúng"),
                    ("right", "số của bên phải đúng"),
                    ("both", "hai số khác nhau có lý do, giữ cả hai"),
                ],
                blank=True,
                default="",
                help_text="what a signature is for",
            ),
            preserve_default=False,
        ),
    ]
