from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "haidang.engine.assets"
    label = "assets"
