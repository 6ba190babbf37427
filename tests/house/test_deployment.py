"""Django's own list of what a site on the internet must have: nothing of it is missing where production is set up."""

import pytest

from tests.support.managing import manage

PRODUCTION = {
    "FIXPOINT_SITE_URL": "https://fixpoint.example.org",
    "FIXPOINT_ALLOWED_HOSTS": "fixpoint.example.org",
    "FIXPOINT_BEHIND_PROXY": "1",
    "FIXPOINT_HSTS_SUBDOMAINS": "1",
    "FIXPOINT_HSTS_PRELOAD": "1",
    "FIXPOINT_SECRET_KEY": "q8Zr4nVt7LwXc2Ym9KpB5sDf3GhJ6aEu1RoTiCxQvNzMlWyPbA",
    "FIXPOINT_SIGNING_KEY": "w7Yq3mUs6KvWb1Xl8JoA4rCe2FgH5zDt9QnShBwPuMyLkVxOaZ",
    "FIXPOINT_EMAIL_HOST": "mail.example.org",
}
ASKED = """
import json
from django.conf import settings
names = ("ACCOUNT_EMAIL_VERIFICATION", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS",
         "ALLAUTH_TRUSTED_PROXY_COUNT", "SESSION_COOKIE_AGE", "ACCOUNT_CHANGE_EMAIL")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_djangos_check_of_a_deployment_finds_nothing(tmp_path):
    answer = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert answer.returncode == 0, answer.stderr
    assert "no issues (0 silenced)" in answer.stdout


@pytest.mark.parametrize(("host", "verification"), [("mail.example.org", "mandatory"), ("", "none")])
def test_addresses_are_confirmed_where_there_is_a_mail_server(tmp_path, host, verification):
    answer = manage(tmp_path, "shell", "-v", "0", "-c", ASKED, **PRODUCTION | {"FIXPOINT_EMAIL_HOST": host})

    assert f'"ACCOUNT_EMAIL_VERIFICATION": "{verification}"' in answer.stdout, answer.stderr
    assert '"SESSION_COOKIE_SECURE": true, "CSRF_COOKIE_SECURE": true' in answer.stdout
    assert '"ALLAUTH_TRUSTED_PROXY_COUNT": 1' in answer.stdout
