from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "haidang.engine.tasks"
    label = "tasks"
