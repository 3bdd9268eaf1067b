from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "haidang.engine.reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from haidang.engine.boards.counts import ALSO
        from haidang.engine.reports.unseen import unseen

        ALSO["reports:mine"] = unseen
