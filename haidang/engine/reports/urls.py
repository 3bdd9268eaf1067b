"""Pages below /bao-cao/."""

from django.urls import URLPattern, path

from haidang.engine.reports import files, views

app_name = "reports"

urlpatterns: list[URLPattern] = [
    path("", views.mine, name="mine"),
    path("bang/<str:address>/<str:form>/", files.of_board, name="of_board"),
    path("danh-sach/<str:name>/<str:form>/", files.of_list, name="of_list"),
    path("soan/", views.make, name="make"),
    path("lich/", views.add_schedule, name="add_schedule"),
    path("lich/<int:pk>/", views.schedule, name="schedule"),
    path("lich/<int:pk>/chay/", views.switch, name="switch"),
    path("lich/<int:pk>/gui-ngay/", views.send_now, name="send_now"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/tep/", files.file, name="file"),
    path("<int:pk>/lam-lai/", views.again, name="again"),
]
