"""Where allauth asks us: what happens at signing in, how secrets lie in the database, what a page is told."""

import base64
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fixpoint.accounts.brakes import network_of
from fixpoint.accounts.closing import account_reopen
from fixpoint.accounts.language import language_of, language_told, speaking_to
from fixpoint.accounts.models import User
from fixpoint.accounts.onward import onward_page, with_onward
from fixpoint.accounts.words import AT_SIGNING_IN, OF_THE_SECOND_FACTOR

APP = "allauth.account"
NAME_ALONE = "login_failed_by_name"
"""The kind of brake in ACCOUNT_RATE_LIMITS."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Whoever signs in to an account that is about to be erased has come back to it."""

    error_messages = DefaultAccountAdapter.error_messages | AT_SIGNING_IN

    def login(self, request: HttpRequest, user: User) -> None:
        """After the password and, where there is one, the second factor."""
        super().login(request, user)
        if account_reopen(user=user):
            messages.success(request, _("Welcome back: your account is kept, nothing of it is erased."))

    def post_login(self, request: HttpRequest, user: User, **given: Any) -> HttpResponse:
        """This device's pages are in the language that the account has."""
        response: HttpResponse = super().post_login(request, user, **given)
        if user.language:
            language_told(response, language_of(user))
        return response

    def new_user(self, request: HttpRequest) -> User:
        """Whoever signs up has the language of the page where they do."""
        user: User = super().new_user(request)
        user.language = get_language() or ""
        return user

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """In its reader's language; to whom none is known of, in that of the page."""
        user = context.get("user")
        with speaking_to(user) if isinstance(user, User) and user.language else nullcontext():
            message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        return message

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """A wrong password counts for the name from this network, and by a far higher limit for the name alone."""
        super().pre_authenticate(request, **credentials)
        self._name_usage = ratelimit.consume(
            request, app=APP, action=NAME_ALONE, key=super()._get_login_attempts_cache_key(request, **credentials)
        )
        if not self._name_usage:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        self._name_usage.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: str) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        name = super()._get_login_attempts_cache_key(request, **credentials)
        ratelimit.clear(request, app=APP, action=NAME_ALONE, key=name)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        # By the name alone, as allauth has it, a stranger who knows it could lock its owner out.
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{network_of(self.get_client_ip(request))}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: object) -> str:
        """At this site's own address, whatever a request calls it."""
        return with_onward(_at_home(super().get_email_confirmation_url(request, emailconfirmation)), request)

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """On to the page for which somebody signed up."""
        usual: str = super().get_email_verification_redirect_url(email_address)
        return onward_page(self.request) or usual

    def respond_email_verification_sent(self, request: HttpRequest, _user: User) -> HttpResponse:
        """From there one asks for the link again, and it must lead to the same page."""
        return redirect(with_onward(reverse("account_email_verification_sent"), request))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At this site's own address too: the link must not lead to where a forged Host says."""
        return _at_home(super().get_reset_password_from_key_url(key))


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors lie in the database encrypted, by a key that is not in it."""

    error_messages = DefaultMFAAdapter.error_messages | OF_THE_SECOND_FACTOR

    def encrypt(self, text: str) -> str:
        """By the signing key, which backups hold and nobody draws anew."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """InvalidToken where the signing key is another than it was."""
        return _fernet().decrypt(encrypted_text.encode()).decode()


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An identity provider says who somebody is, and nothing of what they may do here."""


def _fernet() -> Fernet:
    key = salted_hmac("fixpoint.second-factor", "", secret=settings.SIGNING_KEY, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _at_home(url: str) -> str:
    home = urlsplit(settings.SITE_URL)
    return urlsplit(url)._replace(scheme=home.scheme, netloc=home.netloc).geturl()
