"""What a person fills in about an entry."""

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

MOST_SIGNS = 20_000
"""Of a text."""


class SecureAddressField(forms.URLField):
    """Judged once, with one sentence: the framework's own check beside it would say the same again."""

    default_validators = [URLValidator(schemes=["https"])]
    default_error_messages = {"invalid": _("Give an address that begins with https://.")}


class DescribeForm(forms.Form):
    """Everything may stay empty."""

    title = forms.CharField(
        label=_("Title"), max_length=120, required=False, help_text=_("For everybody, once the entry is scored.")
    )
    description = forms.CharField(
        label=_("Description"),
        max_length=MOST_SIGNS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("For everybody, once the entry is scored: what did you do with the data?"),
    )
    link = SecureAddressField(
        label=_("Write-up"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("An address that begins with https://, for everybody."),
    )
    notes = forms.CharField(
        label=_("Notes"),
        max_length=MOST_SIGNS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For yourself alone: nobody else reads them."),
    )
