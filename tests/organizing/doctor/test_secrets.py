"""Whoever's message brings a secret in, no line lets it out."""

from fixpoint.organizing.doctor.secrets import without_secrets


def test_every_secret_of_the_settings_is_crossed_out(settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://:one%2Fword@127.0.0.1/0"
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "second-word")
    settings.SECRET_KEY, settings.EMAIL_HOST_PASSWORD = "third-word", "fourth-word"
    text = f"{settings.CELERY_BROKER_URL} one/word second-word third-word fourth-word and no more"
    assert without_secrets(text) == "*** *** *** *** *** and no more"


def test_where_nothing_is_secret_nothing_is_changed(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1/0"
    settings.EMAIL_HOST_PASSWORD = ""
    assert without_secrets("all is well at 127.0.0.1") == "all is well at 127.0.0.1"
