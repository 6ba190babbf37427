"""The form by which somebody deletes their own account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fixpoint.accounts.models import User


class DeletionForm(forms.Form):
    """The password; where an identity provider keeps that, the name typed once more."""

    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    name = forms.CharField(label=_("Your name here, typed once more"), widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        del self.fields["name" if user.has_usable_password() else "password"]

    def clean_password(self) -> str:
        """The one of this account."""
        password: str = self.cleaned_data["password"]
        if not self._user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password

    def clean_name(self) -> str:
        """The one of this account."""
        name: str = self.cleaned_data["name"]
        if name != self._user.username:
            raise forms.ValidationError(_("This is not your name here."))
        return name
