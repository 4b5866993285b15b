"""Accounts: the people who sign in. Rights are rows in commons.access, never columns here."""
from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from binhan.kernel.ids import new_id


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts with a hashed password."""

    def create_user(self, login: str, password: str | None = None, **fields: Any) -> Account:
        """A new account; without a password it cannot sign in until one is set."""
        account = self.model(login=login, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, login: str, password: str | None = None, **fields: Any) -> Account:
        """A site administrator."""
        return self.create_user(login, password, is_staff=True, is_superuser=True, **fields)


class Account(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. `is_staff` opens the Django admin; wards and roles come from grants."""

    id = models.UUIDField(primary_key=True, default=new_id)
    login = models.CharField(_("tên đăng nhập"), max_length=80, unique=True)
    display_name = models.TextField(_("tên hiển thị"))
    email = models.EmailField(blank=True, default="")
    lang = models.CharField(_("ngôn ngữ"), max_length=2, default="vi", choices=[("vi", _("Tiếng Việt")), ("en", "English")])
    is_active = models.BooleanField(_("đang dùng"), default=True)
    is_staff = models.BooleanField(_("vào trang quản trị"), default=False)
    is_demo = models.BooleanField(_("tài khoản mẫu"), default=False)
    logins_without_factor = models.IntegerField(default=0, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()
    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        db_table = "people_account"
        verbose_name = _("tài khoản")
        verbose_name_plural = _("tài khoản")

    def __str__(self) -> str:
        return f"{self.display_name} ({self.login})"

    @property
    def actor(self) -> str:
        """How the journal names this account."""
        return f"account:{self.id}"

    def get_full_name(self) -> str:
        """The name shown to colleagues."""
        return self.display_name
