from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "haidang.engine.notify"
    label = "notify"
