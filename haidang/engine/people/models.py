"""Who: offices in a tree, people, what each may do, and who is on duty."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, AnonymousUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from haidang.engine.places.names import person_sort_key, vn_sort_key


class OfficeQuerySet(models.QuerySet["Office"]):
    def for_user(self, person: Person | AnonymousUser) -> Self:
        """Offices this person may administer."""
        from haidang.engine.people.rights import within

        return self.filter(within(person, "people.manage", office="pk"))


class Office(models.Model):
    """A department, a commune's committee, a station's operator: whoever can own, receive and answer."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(max_length=30, blank=True)
    sort_key = models.BinaryField(db_index=True, editable=False, default=b"")
    is_demo = models.BooleanField(default=False)

    objects = OfficeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = vn_sort_key(self.name)
        super().save(*args, **kwargs)


class PersonQuerySet(models.QuerySet["Person"]):
    def for_user(self, person: Person | AnonymousUser) -> Self:
        """Whom this person may administer; everybody may see himself."""
        from haidang.engine.people.rights import within

        return self.filter(within(person, "people.manage", office="office") | Q(pk=person.pk))


class PersonManager(UserManager["Person"]):
    """Accounts are named by e-mail."""

    def get_queryset(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db)

    def for_user(self, person: Person | AnonymousUser) -> PersonQuerySet:
        return self.get_queryset().for_user(person)

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractUser):
    """Someone who signs in. The user name is the e-mail address."""

    username = models.CharField(max_length=150, unique=True, editable=False)
    first_name = None  # type: ignore[assignment]  # Vietnamese names are one field
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(_("họ và tên"), max_length=150)
    title = models.CharField(_("chức danh"), max_length=150, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="people")
    sort_key = models.BinaryField(db_index=True, editable=False, default=b"")
    is_demo = models.BooleanField(default=False)
    language = models.CharField(max_length=5, blank=True, help_text="chosen language; empty means Vietnamese")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.username = self.email
        self.sort_key = person_sort_key(self.name)
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.rsplit(" ", 1)[-1]


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("quản trị hệ thống")
    LEADER = "leader", _("lãnh đạo")
    DUTY_CHIEF = "duty_chief", _("trực ban trưởng")
    OPERATOR = "operator", _("trực ban viên")
    OFFICER = "officer", _("cán bộ cơ quan")
    CREW = "crew", _("tổ hiện trường")
    ANALYST = "analyst", _("chuyên viên phân tích")


class Grant(models.Model):
    """One role of one person within an office (and those below), a place and a domain; empty means all."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    office = models.ForeignKey(Office, models.CASCADE, null=True, blank=True, related_name="+")
    place = models.ForeignKey("places.Place", models.CASCADE, null=True, blank=True, related_name="+")
    domain = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "role", "office", "place", "domain"],
                nulls_distinct=False,
                name="grant_once",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="grant_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


class Shift(models.Model):
    """A turn of duty: who leads it and who sits at the desks."""

    name = models.CharField(max_length=60)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    chief = models.ForeignKey(Person, models.PROTECT, related_name="+")
    members = models.ManyToManyField(Person, related_name="shifts", blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name


class SignInFailure(models.Model):
    """Wrong passwords for one account from one origin; see `sign_in`. Hashes only."""

    origin = models.CharField(max_length=64, unique=True)
    account = models.CharField(max_length=64, db_index=True)
    failures = models.IntegerField()
    last_at = models.DateTimeField(db_index=True)
    waits_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.origin[:8]}: {self.failures}"
