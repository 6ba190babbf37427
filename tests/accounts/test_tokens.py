"""Tokens: shown once, of use for a person's own programs, and for nothing else."""

import os
import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from fixpoint.accounts.closing import account_close, account_reopen
from fixpoint.accounts.models import Notice, Token, User
from fixpoint.accounts.tokens import MOST, TokenRefusedError, token_make, token_revoke, token_user
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.refusing import remarks_keep
from fixpoint.submissions.models import Submission
from fixpoint.tasks.outcomes import Named
from fixpoint.uploads.people import person_of, sender_of
from fixpoint.uploads.refusals import UploadRefusedError
from tests.pages.rows import Score, entry_of, scored, training
from tests.support.platform import accepted_dataset

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[2] / "docs" / "uploading.md"


@pytest.fixture
def text(owner) -> str:
    return token_make(user=owner, name="my script", days=30)[1]


@pytest.fixture
def dataset(owner, task):
    return accepted_dataset(owner, task)


def bearing(text: str, client: Client | None = None) -> Client:
    """A program that never sends a CSRF token."""
    program = client or Client(enforce_csrf_checks=True)
    program.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    return program


def scope(text: str, cookie: str = "") -> dict[str, object]:
    headers = [(b"host", b"testserver"), (b"authorization", f"Bearer {text}".encode()), (b"cookie", cookie.encode())]
    return {"type": "http", "method": "POST", "path": "/uploads/", "query_string": b"", "headers": headers}


def test_it_is_shown_once_and_only_its_digest_is_kept(client, owner):
    client.force_login(owner)

    page = client.post("/me/account/tokens/", {"name": "my <script>", "days": "90"}).content.decode()

    [text] = set(re.findall(r"fxp_[\w-]{43}", page))
    assert token_user(text) == owner
    again = client.get("/me/account/tokens/").content.decode()
    assert text not in again
    assert "my &lt;script&gt;" in again
    assert text not in repr(list(Token.objects.values_list()))
    assert Notice.objects.get(user=owner).subject == "A token was made: my <script>"


def test_the_commands_in_the_docs_read_and_enter(owner, text, dataset):
    entry = scored(training(entry_of(dataset), [(1.0, 0.5)]), Score(accuracy=0.75))
    named = {"FIXPOINT_SITE": "", "FIXPOINT_TOKEN": text, "DATASET": str(dataset.pk), "ENTRY": str(entry.pk)}
    [commands] = re.findall(r"```sh\n(curl.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    answers = [curled(os.path.expandvars(re.sub(r"\$(\w+)", lambda found: named[found[1]], line)))
               for line in commands.splitlines()]  # fmt: skip

    assert [answer.status_code for answer in answers] == [200, 200, 201, 200, 200]
    many, one, entered, entries, told = (answer.json() for answer in answers)
    of_one = ("remarks", "more_remarks", "reasons_csv")
    assert many["datasets"] == [{name: fact for name, fact in one.items() if name not in of_one}]
    assert (one["id"], one["status"]) == (str(dataset.pk), "accepted")
    assert entered["status"] == "queued"
    assert [each["entry"] for each in entries["entries"]] == [entered["entry"], str(entry.pk)]
    assert (told["accuracy"], told["standardised_grams"]) == (0.75, pytest.approx(0.004 * 445))


def test_remarks_are_counted_in_the_list_and_told_of_one_dataset_the_first_thousand_of_them(text, dataset):
    remarks_keep(
        dataset=dataset,
        severity="finding",
        named=[Named(rule="strange", path=f"{n}.png", detail="Odd.") for n in range(1_002)],
    )
    Dataset.objects.filter(pk=dataset.pk).update(remark_counts={"strange": 20_000})

    [listed] = bearing(text).get("/api/datasets/").json()["datasets"]
    told = bearing(text).get(f"/api/datasets/{dataset.pk}/").json()

    assert listed["remark_counts"] == told["remark_counts"] == {"strange": 20_000}
    assert "remarks" not in listed
    assert [each["path"] for each in told["remarks"]] == [f"{n}.png" for n in range(1_000)]
    assert told["remarks"][0] == {"severity": "finding", "rule": "strange", "path": "0.png", "detail": "Odd."}
    assert told["more_remarks"] == 2
    assert told["reasons_csv"] == f"http://127.0.0.1:8000/datasets/{dataset.pk}/reasons.csv"


def curled(command: str):
    words = shlex.split(command)[1:]
    method = words[words.index("-X") + 1] if "-X" in words else "GET"
    name, _, value = words[words.index("-H") + 1].partition(": ")
    return Client(enforce_csrf_checks=True).generic(method, words[-1], headers={name: value})


def test_it_opens_no_page_and_no_session_counts_beside_it(text, owner):
    signed_in = Client()
    signed_in.force_login(owner)
    assert signed_in.get("/me/").status_code == 200

    program = bearing(text, signed_in)

    for path in ("/me/", "/me/account/", "/me/account/export/", "/uploads/", "/me/account/tokens/"):
        assert program.get(path).headers["Location"].startswith("/accounts/login/"), path


def test_a_session_opens_nothing_where_a_token_is_asked_for(client, owner, dataset):
    client.force_login(owner)

    answer = client.post(f"/api/datasets/{dataset.pk}/enter/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert not Submission.objects.exists()


def test_an_organizers_token_opens_nothing_of_others(organizer, owner, dataset):
    program = bearing(token_make(user=organizer, name="mine", days=1)[1])

    assert program.get("/api/datasets/").json() == {"datasets": []}
    assert program.get(f"/api/datasets/{dataset.pk}/").status_code == 404
    assert program.post(f"/api/datasets/{dataset.pk}/enter/").status_code == 404
    assert program.get(f"/organize/{dataset.task.slug}/").status_code == 302


def test_an_entry_is_told_as_its_page_tells_it(owner, text, dataset):
    task = dataset.task
    task.score_decimals, task.ladder = 1, True
    task.save()
    entry = scored(training(entry_of(dataset), [(1.0, 0.5)]), Score(accuracy=0.7))

    told = bearing(text).get(f"/api/entries/{entry.pk}/").json()

    assert (told["accuracy"], told["private_accuracy"]) == (0.7, None)


def test_what_cannot_be_entered_is_refused_with_the_reason(text, dataset):
    dataset.task.paused_at = timezone.now()
    dataset.task.save()

    answer = bearing(text).post(f"/api/datasets/{dataset.pk}/enter/")

    assert answer.status_code == 409
    assert "paused" in answer.json()["detail"]


def test_it_ends_by_its_date_when_it_is_revoked_and_with_the_account(owner):
    texts = {name: token_make(user=owner, name=name, days=30)[1] for name in ("expired", "revoked", "closed")}
    assert all(token_user(text) == owner for text in texts.values())

    Token.objects.filter(name="expired").update(expires_at=timezone.now())
    token_revoke(token=Token.objects.get(name="revoked"))
    assert [token_user(texts[name]) for name in texts] == [None, None, owner]

    account_close(user=owner)
    assert token_user(texts["closed"]) is None
    account_reopen(user=User.objects.get(pk=owner.pk))
    assert token_user(texts["closed"]) is None


def test_a_closed_account_lists_no_token_as_good_when_it_is_opened_again(client, owner, text):
    account_close(user=owner)
    account_reopen(user=User.objects.get(pk=owner.pk))
    client.force_login(User.objects.get(pk=owner.pk))

    page = client.get("/me/account/tokens/").content.decode()

    assert "revoked <span" in page
    assert "/revoke/" not in page


def test_the_page_says_how_a_token_is_used(client, owner, settings):
    client.force_login(owner)

    page = client.post("/me/account/tokens/", {"name": "my script", "days": "90"}).content.decode()

    assert f'curl -H "Authorization: Bearer $FIXPOINT_TOKEN" {settings.SITE_URL}/api/datasets/' in page
    assert "curl" not in client.get("/me/account/tokens/").content.decode()


def test_an_organizer_without_the_second_factor_that_the_site_asks_for_has_no_token(organizer, settings):
    _, text = token_make(user=organizer, name="mine", days=30)

    settings.REQUIRE_MFA_FOR_ORGANIZERS = True

    assert token_user(text) is None


def test_when_it_was_last_used_is_kept_to_the_minute(owner, text):
    token_user(text)
    first = Token.objects.get().used_at
    token_user(text)
    assert Token.objects.get().used_at == first

    Token.objects.update(used_at=first - timedelta(minutes=2))
    token_user(text)

    assert Token.objects.get().used_at >= first


def test_it_uploads_where_no_session_would_and_opens_no_form(client, owner, stranger, text):
    client.force_login(stranger)
    cookie = f"sessionid={client.cookies['sessionid'].value}"

    assert sender_of(scope(text, cookie)) == owner
    for asked in (scope("fxp_of-nobody", cookie), scope("", cookie)):
        with pytest.raises(UploadRefusedError, match="of no use"):
            sender_of(asked)
    with pytest.raises(UploadRefusedError, match="Sign in first"):
        person_of(scope(text, cookie))


def test_the_brake_counts_for_the_person_whatever_the_token(owner, settings):
    settings.PACES = settings.PACES | {"json": (2, 60)}
    programs = [bearing(token_make(user=owner, name=name, days=1)[1]) for name in "ab"]

    answers = [program.get("/api/entries/") for program in (*programs, programs[0])]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1]["Retry-After"]) <= 60


def test_they_are_made_with_a_name_for_a_year_at_most_and_not_without_end(owner):
    for name, days in ((" ", 30), ("x", 0), ("x", 366)):
        with pytest.raises(TokenRefusedError):
            token_make(user=owner, name=name, days=days)
    for number in range(MOST):
        token_make(user=owner, name=f"{number}", days=1)

    with pytest.raises(TokenRefusedError, match="revoke one first"):
        token_make(user=owner, name="one more", days=1)


def test_a_token_is_revoked_by_its_owner_alone(client, owner, stranger, text):
    address = f"/me/account/tokens/{Token.objects.get().pk}/revoke/"
    client.force_login(stranger)
    assert client.post(address).status_code == 404

    client.force_login(owner)
    client.post(address)

    assert token_user(text) is None
    assert "revoked" in client.get("/me/account/tokens/").content.decode()


def test_where_a_second_factor_is_asked_for_a_password_alone_makes_no_token(organizer, settings):
    settings.REQUIRE_MFA_FOR_ORGANIZERS = True
    with pytest.raises(TokenRefusedError, match="second factor"):
        token_make(user=organizer, name="by password", days=30)
    Authenticator.objects.create(user=organizer, type=Authenticator.Type.TOTP, data={})

    _, text = token_make(user=organizer, name="after", days=30)

    assert token_user(text) == organizer
    settings.REQUIRE_MFA_FOR_ORGANIZERS = False
    text_before = token_make(user=organizer, name="unasked", days=30)[1]
    Authenticator.objects.filter(user=organizer).update(created_at=timezone.now() + timedelta(seconds=1))
    assert token_user(text_before) == organizer
    settings.REQUIRE_MFA_FOR_ORGANIZERS = True
    assert token_user(text_before) is None
