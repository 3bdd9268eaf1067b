"""Pages below /dau-noi/."""

from django.urls import URLPattern, path

from haidang.engine.onboarding import views

app_name = "onboarding"

urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("moi/", views.ask, name="ask"),
    path("<int:pk>/", views.connection, name="connection"),
    path("<int:pk>/thu/", views.try_file, name="try_file"),
    path("<int:pk>/tu-choi/", views.refuse, name="refuse"),
]
