"""The audit log under /nhat-ky/."""

from django.urls import path

from haidang.engine.people import journal

app_name = "audit"

urlpatterns = [
    path("", journal.log, name="log"),
    path("<int:pk>/hien/", journal.unmask, name="unmask"),
]
