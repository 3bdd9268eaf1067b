from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "haidang.engine.store"
    label = "store"
