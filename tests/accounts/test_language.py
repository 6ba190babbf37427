"""The language that a person chose goes with the account: to other devices, into mails and notices."""

import json
import zipfile
from io import BytesIO

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import Notice, User
from fixpoint.accounts.notices import notices_give, notices_mail
from fixpoint.tasks.models import Task
from fixpoint.teams.noting import team_note
from fixpoint.teams.services import team_ensure

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
FIELDS = {"username": "ada", "email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD}


def speaks(user: User, language: str) -> User:
    user.language = language
    user.save()
    return user


def test_a_choice_is_kept_with_the_account(client: Client, owner: User) -> None:
    client.force_login(owner)

    client.post(reverse("language_keep"), {"language": "fr", "next": "/"})

    owner.refresh_from_db()
    assert owner.language == "fr"


def test_what_is_no_language_of_this_site_is_not_kept(client: Client, owner: User) -> None:
    client.force_login(owner)

    client.post(reverse("language_keep"), {"language": "kl", "next": "/"})

    owner.refresh_from_db()
    assert owner.language == ""


def test_whoever_signs_up_has_the_language_of_the_page(client: Client) -> None:
    client.post("/accounts/signup/", FIELDS, headers={"accept-language": "es"})

    assert User.objects.get(username="ada").language == "es"


def test_the_site_speaks_it_after_signing_in_on_another_device(client: Client, owner: User) -> None:
    owner.set_password(PASSWORD)
    speaks(owner, "fr")

    client.post("/accounts/login/", {"login": owner.username, "password": PASSWORD}, headers={"accept-language": "es"})

    assert '<html lang="fr">' in client.get("/", headers={"accept-language": "es"}).text


def test_who_never_chose_is_spoken_to_as_the_browser_asks(client: Client, owner: User) -> None:
    owner.set_password(PASSWORD)
    owner.save()

    client.post("/accounts/login/", {"login": owner.username, "password": PASSWORD})

    assert '<html lang="es">' in client.get("/", headers={"accept-language": "es"}).text


def test_the_account_page_offers_the_languages_and_leads_back(client: Client, owner: User) -> None:
    client.force_login(owner)
    page = client.get(reverse("account")).text

    answer = client.post(reverse("language_keep"), {"language": "es", "next": reverse("account")})

    assert 'name="language"' in page
    assert 'value="fr" lang="fr"' in page
    assert answer["Location"] == reverse("account")
    assert '<option value="es" lang="es" selected>' in client.get(reverse("account")).text


def test_the_export_tells_it(client: Client, owner: User) -> None:
    client.force_login(speaks(owner, "fr"))

    answer = client.get(reverse("account_export"), headers={"accept-language": "fr"})

    with zipfile.ZipFile(BytesIO(b"".join(answer))) as files:  # type: ignore[arg-type]
        assert json.loads(files.read("account.json"))["language"] == "fr"
        assert files.read("README.txt").decode().startswith("Tout ce que Fixpoint garde")


def test_each_person_is_told_in_their_own_language(owner: User, organizer: User, stranger: User, task: Task) -> None:
    speaks(organizer, "fr")
    speaks(stranger, "es")
    team = team_ensure(user=owner, task=task)
    for other in (organizer, stranger):
        team.members.create(task=task, user=other)

    team_note(team=team, who=owner, what=f"{owner} renewed the invitation; the link before is void.")

    told = {each.user: (each.subject, each.text) for each in Notice.objects.all()}
    assert told[organizer][0].startswith("Votre équipe")
    assert told[organizer][1].endswith("a renouvelé l’invitation\u00a0; le lien précédent ne vaut plus.")
    assert told[stranger][0].startswith("Tu equipo")
    assert team.events.get().what.endswith("renewed the invitation; the link before is void.")


def test_a_mail_is_in_its_readers_language_whoever_sends_it(owner: User, stranger: User) -> None:
    speaks(stranger, "fr")
    for number in (1, 2):
        notices_give(to=[owner, stranger], subject=f"number {number}", text="…", path="/", kind=Notice.Kind.RUNS)

    notices_mail()

    mails = {each.to[0]: each for each in mail.outbox}
    assert mails[stranger.email].subject == "[Fixpoint] 2 avis, le plus récent : number 2"
    assert mails[owner.email].subject == "[Fixpoint] 2 notices, the newest: number 2"
    assert "No more mails" not in mails[stranger.email].body


def test_a_mail_of_the_account_is_in_its_language(client: Client, owner: User) -> None:
    speaks(owner, "es")

    client.post("/accounts/password/reset/", {"email": owner.email}, headers={"accept-language": "fr"})

    [message] = mail.outbox
    assert "contraseña" in message.subject
    assert message.body.startswith(f"Hola, {owner.username}")
