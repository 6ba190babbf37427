"""What a refused form of allauth says, in the words and the tone of every other page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AT_SIGNING_IN: dict[str, Promise] = {
    "email_password_mismatch": _("This address and this password do not belong together."),
    "enter_current_password": _("This is not your present password."),
    "too_many_login_attempts": _("Too many wrong passwords. Try again later."),
    "username_password_mismatch": _("This name and this password do not belong together."),
}
OF_THE_SECOND_FACTOR: dict[str, Promise] = {
    "add_email_blocked": _("While a second factor is on, no other address can be added."),
    "unverified_email": _("Confirm your e-mail address first, then set up the second factor."),
}
