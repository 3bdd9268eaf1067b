from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "haidang.engine.onboarding"
    label = "onboarding"
