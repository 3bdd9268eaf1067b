from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "haidang.engine.reconciliation"
    default_auto_field = "django.db.models.BigAutoField"
