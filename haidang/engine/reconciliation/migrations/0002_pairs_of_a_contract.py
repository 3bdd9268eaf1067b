"""A pair of a contract has the address of its file and the measure that is stated."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0001_initial")]
    operations = [
        migrations.AlterField(
            "difference", "pair", models.CharField(max_length=300, help_text="address of the pair")
        ),
        migrations.AlterField("difference", "title_vi", models.CharField(max_length=300)),
        migrations.AlterField("difference", "title_en", models.CharField(max_length=300, blank=True)),
        migrations.AlterField(
            "difference",
            "scope",
            models.CharField(max_length=310, blank=True, help_text="what tells it from others of its kind"),
        ),
        migrations.AlterField("compared", "pair", models.CharField(max_length=300, primary_key=True, serialize=False)),
    ]
