from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "haidang.engine.audit"
    label = "audit"
