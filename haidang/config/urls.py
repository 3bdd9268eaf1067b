from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("haidang.engine.boards.urls")),
    path("tai-khoan/", include("haidang.engine.people.account_urls")),
    path("bao-dong/", include("haidang.engine.alarms.urls")),
    path("", include("haidang.engine.incidents.urls")),
    path("", include("haidang.engine.tasks.urls")),
    path("dau-noi/", include("haidang.engine.onboarding.urls")),
    path("doi-soat/", include("haidang.engine.reconciliation.urls")),
    path("bao-cao/", include("haidang.engine.reports.urls")),
    path("so-lieu/hop-dong-moi/", include("haidang.engine.drafts.urls")),
    path("so-lieu/", include("haidang.engine.submissions.urls")),
    path("quan-tri/", include("haidang.engine.people.urls")),
    # Together with sign-in all that a stranger sees.
    path("du-lieu-mo/", include("haidang.engine.opendata.urls")),
    path("nhat-ky/", include("haidang.engine.people.journal_urls")),
]
