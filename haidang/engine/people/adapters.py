"""What allauth asks of us: who may sign in, what is said, how secrets are kept."""

from __future__ import annotations

import base64
import hashlib
from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from haidang.engine import clock
from haidang.engine.audit.actions import record
from haidang.engine.people import sessions, sign_in
from haidang.engine.people.models import Person
from haidang.engine.people.rights import home_of


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; there is no sign-up and no reset by e-mail."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("Tài khoản này đang bị khoá."),
        "email_password_mismatch": gettext_lazy("Địa chỉ hoặc mật khẩu chưa đúng."),
        "enter_current_password": gettext_lazy("Hãy nhập mật khẩu hiện tại."),
        "incorrect_code": gettext_lazy("Mã chưa đúng."),
        "incorrect_password": gettext_lazy("Mật khẩu chưa đúng."),
        "invalid_login": gettext_lazy("Không đăng nhập được."),
        "rate_limited": gettext_lazy("Bạn gửi quá nhanh. Hãy đợi một chút."),
        "too_many_login_attempts": gettext_lazy("Nhập sai quá nhiều lần. Hãy thử lại sau."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_of(request.user)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("Xác nhận bằng mật khẩu"),
            "mfa_reauthenticate": _("Xác nhận bằng mã xác thực"),
        }
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods if method["id"] in words]

    def is_reauthentication_required(self, **_where: Any) -> bool:
        return not sessions.is_fresh(context.request)

    # --- waiting times --------------------------------------------------------------------------------------
    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if until := sign_in.waits_until(request, credentials.get("email", "")):
            raise _wait(until)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = credentials.get("email", "")
        if until := sign_in.failed(request, email):
            # Only delays are logged: each single failure would let a stranger fill the log.
            detail = {"email": email[:254], "until": until}
            record(
                person=None,
                actor="đăng nhập",
                verb="sign_in.delayed",
                object=("account", sign_in.account_of(email)),
                detail=detail,
                request=request,
            )
            raise _wait(until)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        person, request = cast(Person, user), context.request
        self.pre_authenticate(request, email=person.email)
        if person.check_password(password):
            sessions.renew(request)
            return True
        self.authentication_failed(request, email=person.email)
        return False

    # --- coming and going -----------------------------------------------------------------------------------
    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        person = cast(Person, user)
        response: HttpResponse = super().post_login(request, person, **kwargs)
        sessions.begin(request, person)
        sign_in.succeeded(request, person.email)
        sign_in.remember_device(request, response, person)
        if person.language:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, samesite="Lax")
        record(person=person, verb="sign_in", object=person, request=request)
        return response

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            record(person=request.user, verb="sign_out", object=request.user, request=request)
        super().logout(request)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Changes of an account are in the audit log; the centre may stand without a mail server."""


def _wait(until: Any) -> ValidationError:
    minutes = max(1, -(-int((until - clock.now()).total_seconds()) // 60))
    words = ngettext(
        "Nhập sai quá nhiều lần. Hãy thử lại sau %(n)s phút, hoặc nhờ quản trị viên mở khoá.",
        "Nhập sai quá nhiều lần. Hãy thử lại sau %(n)s phút, hoặc nhờ quản trị viên mở khoá.",
        minutes,
    )
    return ValidationError(words % {"n": minutes}, code="too_many_login_attempts")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticators encrypted with the centre's key; a stolen dump does not give them."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy("Tài khoản này không được tắt xác thực hai lớp."),
        "cannot_generate_recovery_codes": gettext_lazy("Hãy bật xác thực hai lớp trước khi tạo mã dự phòng."),
        "incorrect_code": gettext_lazy("Mã chưa đúng. Hãy kiểm tra đồng hồ của điện thoại."),
    }

    def get_totp_issuer(self) -> str:
        return "Hải Đăng"

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not sessions.needs_second_factor(authenticator.user)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """See `AccountAdapter`."""


def _box() -> Fernet:
    key = hashlib.sha256(b"haidang.second-factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
