"""Pages of alarms, below /bao-dong/."""

from django.urls import URLPattern, path

from haidang.engine.alarms import views
from haidang.engine.alarms.banner import banner

app_name = "alarms"

urlpatterns: list[URLPattern] = [
    path("", views.alarm_list, name="list"),
    path("danh-sach/", views.list_fragment, name="fragment"),
    path("dai/", banner, name="banner"),
    path("suc-khoe/", views.alarm_health, name="health"),
    path("<int:pk>/", views.alarm, name="alarm"),
    path("<int:pk>/nhan/", views.acknowledge, name="acknowledge"),
    path("<int:pk>/gac/", views.shelve, name="shelve"),
    path("<int:pk>/thoi-gac/", views.unshelve, name="unshelve"),
    path("<int:pk>/ghi-chu/", views.comment, name="comment"),
    path("<int:pk>/ngung-dung/", views.take_out_of_service, name="take_out"),
    path("dung-lai/<int:pk>/", views.put_into_service, name="put_in"),
]
