"""What a view behind `login_required` receives."""

from django.http import HttpRequest

from fixpoint.accounts.models import User


class SignedInRequest(HttpRequest):
    """A request whose user is a person, for the type checker: `login_required` sees to it."""

    user: User
