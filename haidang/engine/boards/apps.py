from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "haidang.engine.boards"
    label = "boards"

    def ready(self) -> None:
        from django.utils.translation import get_language

        from haidang.engine.contracts.reading import speak

        speak(get_language)
