from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    name = "haidang.engine.alarms"
    label = "alarms"
