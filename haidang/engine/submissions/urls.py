"""Pages of files that offices hand in, below /so-lieu/."""

from django.urls import URLPattern, path

from haidang.engine.submissions import files, views

app_name = "submissions"

urlpatterns: list[URLPattern] = [
    path("", views.index, name="desk"),
    path("gui/", views.hand_in, name="hand_in"),
    path("gui/<str:name>/", views.receipt, name="receipt"),
    path("mau/<str:contract>.xlsx", files.template, name="template"),
    path("<int:pk>/", views.version, name="version"),
    path("<int:pk>/ca-nhan/", views.reveal, name="reveal"),
    path("<int:pk>/giai-trinh/<int:cell>/", views.explain, name="explain"),
    path("<int:pk>/o/", views.edit, name="edit"),
    path("<int:pk>/cham-lai/", views.judge_again, name="judge_again"),
    path("<int:pk>/ky-gui/", views.sign, name="sign"),
    path("<int:pk>/duyet/", views.approve, name="approve"),
    path("<int:pk>/cong-bo/", views.publish, name="publish"),
    path("<int:pk>/tra-lai/", views.send_back, name="send_back"),
    path("<int:pk>/rut/", views.withdraw, name="withdraw"),
    path("<int:pk>/ky/", views.state_period, name="state_period"),
    path("<int:pk>/dung-lai/", views.use_again, name="use_again"),
    path("<int:pk>/tep/", files.original, name="original"),
    path("<int:pk>/tep-da-cham/", files.answer, name="answer"),
]
