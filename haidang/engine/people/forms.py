"""Forms of sign-in and account pages: allauth's, in our words and without placeholders for labels."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePassword
from allauth.account.forms import LoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticate
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as AllauthCode
from allauth.mfa.base.forms import ReauthenticateForm as AllauthCodeAgain
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivate
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from haidang.engine.people import sessions
from haidang.engine.people.rights import person_of


class InOurWords(forms.Form):
    """Puts our labels on inherited fields; a label stands above its field, never inside it."""

    words: dict[str, tuple[Any, Any]] = {}  # noqa: RUF012 - a table per form class

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)
            if "one-time-code" in field.widget.attrs.get("autocomplete", ""):
                field.widget.attrs.update(inputmode="text", spellcheck="false", autocapitalize="off")
        # Nothing else is done on these pages. Where something was wrong, the summary of errors stands before it.
        if first := next(iter(self.words), None):
            self.fields[first].widget.attrs["autofocus"] = True


class SignInForm(InOurWords, LoginForm):
    words = {  # noqa: RUF012
        "login": (_("Địa chỉ e-mail"), ""),
        "password": (_("Mật khẩu"), ""),
    }

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        if request.user.is_authenticated:
            # allauth sets its own age of the session last of all.
            sessions.begin(request, person_of(request))
        return response


class ConfirmPasswordForm(InOurWords, AllauthReauthenticate):
    words = {"password": (_("Mật khẩu"), "")}  # noqa: RUF012


class ChangePasswordForm(InOurWords, AllauthChangePassword):
    words = {  # noqa: RUF012
        "oldpassword": (_("Mật khẩu hiện tại"), ""),
        "password1": (_("Mật khẩu mới"), _("Từ 10 ký tự; một câu dễ nhớ tốt hơn một chuỗi khó gõ.")),
        "password2": (_("Mật khẩu mới, nhập lại"), ""),
    }


class CodeForm(InOurWords, AllauthCode):
    words = {  # noqa: RUF012
        "code": (_("Mã xác thực"), _("6 chữ số trong ứng dụng xác thực, hoặc một mã dự phòng."))
    }


class CodeAgainForm(InOurWords, AllauthCodeAgain):
    words = CodeForm.words

    def save(self) -> None:
        super().save()
        sessions.renew(context.request)


class ActivateForm(InOurWords, AllauthActivate):
    words = {"code": (_("Mã trong ứng dụng"), _("6 chữ số đang hiện trong ứng dụng xác thực."))}  # noqa: RUF012
