from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "haidang.engine.rules"
    label = "rules"
