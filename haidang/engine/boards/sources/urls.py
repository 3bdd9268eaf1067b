"""Pages below /nguon/ and /chuan-ket-noi/."""

from django.urls import URLPattern, path

from haidang.engine.boards.sources import acts, standard_views, views

urlpatterns: list[URLPattern] = [
    path("nguon/", views.index, name="sources"),
    path("nguon/bi-chan/", views.turned_away, name="turned_away"),
    path("nguon/mo-phong/", acts.demo_act, name="demo_act"),
    path("nguon/lan-dau/", acts.first_steps, name="first_steps"),
    path("chuan-ket-noi/", standard_views.index, name="standards"),
    path("chuan-ket-noi/<str:contract>/", standard_views.page, name="standard"),
    path("chuan-ket-noi/<str:contract>/chuan.pdf", standard_views.as_pdf, name="standard_pdf"),
    path("chuan-ket-noi/<str:contract>/odcs.yaml", standard_views.as_odcs, name="standard_odcs"),
    path("chuan-ket-noi/<str:contract>/mau", standard_views.sample, name="standard_sample"),
    path("nguon/<str:address>/", views.source, name="source"),
    path("nguon/<str:address>/tu-choi/", views.refusals, name="refusals"),
    path("nguon/<str:address>/chay-lai/", views.replay_records, name="replay"),
    path("nguon/<str:address>/lan-nhan/<int:number>/", views.delivery, name="delivery"),
    path("nguon/<str:address>/gui-thu/", acts.send_probe, name="send_probe"),
    path("nguon/<str:address>/gui-thu/<str:token>/", acts.see_probe, name="probe"),
]
