"""Accounts in Django's admin, with the role that makes an organizer."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from fixpoint.accounts.models import User


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Django's own page for users, and the role beside their rights."""

    list_display = ("username", "email", "role", "is_staff")
    list_filter = ("role", "is_staff", "is_active")
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Fixpoint", {"fields": ("role",)}))
    add_fieldsets = (*UserAdmin.add_fieldsets, ("Fixpoint", {"fields": ("email", "role")}))
