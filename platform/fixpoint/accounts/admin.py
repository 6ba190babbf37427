"""Accounts in Django's admin, with the role that makes an organizer."""

from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from fixpoint.accounts.models import User

# Identity providers stand in the settings, where their secrets do not lie in the database; no token is kept.
for _model in (SocialApp, SocialToken):
    admin.site.unregister(_model)


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Django's own page for users, and the role beside their rights."""

    list_display = ("username", "email", "role", "is_staff")
    list_filter = ("role", "is_staff", "is_active")
    fieldsets = (*(UserAdmin.fieldsets or ()), ("Fixpoint", {"fields": ("role",)}))
    add_fieldsets = (*UserAdmin.add_fieldsets, ("Fixpoint", {"fields": ("email", "role")}))
