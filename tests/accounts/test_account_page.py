"""One's account on a page: what is shown, what is mailed, notices with a bell, and the zip of all that is kept."""

import io
import json
import zipfile

import pytest
from django.core import mail
from django.test import Client

from fixpoint.accounts.models import Notice, User
from fixpoint.accounts.notices import notices_give, notices_mail
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.refusing import remarks_keep
from fixpoint.submissions.models import Result
from fixpoint.tasks.outcomes import Named
from tests.pages.rows import Score, entry_of, scored, training
from tests.support.platform import accepted_dataset, open_task, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    user = person("ada")
    client.force_login(user)
    return user


def tell(user: User, kind: str = "site", subject: str = "Something happened") -> Notice:
    notices_give(to=[user], subject=subject, text="Look at it.", path="/me/", kind=kind)
    return Notice.objects.first()


def test_the_page_tells_who_one_is_and_leads_to_all_that_can_be_changed(client, ada):
    page = client.get("/me/account/").content.decode()

    for part in ("ada@example.org", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/",
                 "/me/account/export/", "/me/account/delete/", "no mail server"):  # fmt: skip
        assert part in page
    assert "/accounts/3rdparty/" not in page, "where no provider is set, nothing is said of one"


def test_the_end_of_runs_is_mailed_until_one_wants_it_no_more(client, ada):
    tell(ada, "runs", "The first")
    client.post("/me/account/mails/", {})
    ada.refresh_from_db()
    tell(ada, "runs", "The second")
    tell(ada, "site", "The third")

    assert notices_mail() == 1

    assert [each.subject for each in mail.outbox] == ["[Fixpoint] The third"]
    assert Notice.objects.count() == 3, "all are listed"
    client.post("/me/account/mails/", {"runs": "on"})
    ada.refresh_from_db()
    tell(ada, "runs", "The fourth")
    assert notices_mail() == 1


def test_a_mail_about_a_run_has_a_link_by_which_it_is_the_last(ada):
    tell(ada, "runs")
    notices_mail()
    link = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.outbox[0].body.endswith(link)
    path = link.removeprefix("http://127.0.0.1:8000")
    anybody = Client(enforce_csrf_checks=True)

    assert anybody.get(path).status_code == 200
    assert User.objects.get().mails_runs, "a look changes nothing"
    anybody.post(path, {"List-Unsubscribe": "One-Click"})

    assert not User.objects.get().mails_runs


def test_a_link_that_was_made_up_takes_mails_from_nobody(client, ada):
    assert client.post(f"/unsubscribe/{ada.pk}:x/").status_code == 404
    assert User.objects.get().mails_runs


def test_the_bell_counts_what_is_not_read(client, ada):
    first, second = tell(ada), tell(ada)
    tell(person("eva"))
    assert '<span class="count">2<' in client.get("/").content.decode()

    client.post("/me/notices/read/", {"notice": first.pk})
    assert '<span class="count">1<' in client.get("/").content.decode()
    client.post("/me/notices/read/")

    assert 'class="count"' not in client.get("/").content.decode()
    assert Notice.objects.filter(read_at=None).exclude(user=ada).count() == 1
    second.refresh_from_db()
    assert second.read_at is not None


def test_nobody_reads_or_marks_anothers_notices(client, ada):
    other = tell(person("eva"), subject="For eva alone")

    client.post("/me/notices/read/", {"notice": other.pk})

    other.refresh_from_db()
    assert other.read_at is None
    assert "For eva alone" not in client.get("/me/notices/").content.decode()


@pytest.mark.parametrize("sent", ["x", "-1", "1" * 30, "\u0663"])
def test_a_number_that_is_none_is_no_notice(client, ada, sent):
    assert client.post("/me/notices/read/", {"notice": sent}).status_code == 404


def taken(client: Client) -> dict[str, bytes]:
    answer = client.get("/me/account/export/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fixpoint-ada.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_the_zip_holds_account_notices_datasets_and_entries(client, ada):
    tell(ada)
    task = open_task("numerals")
    dataset = accepted_dataset(ada, task, "=1+1")
    entry = scored(training(entry_of(dataset), [(1.0, 0.5)]))

    files = taken(client)

    account, [notice], [told], [result] = (
        json.loads(files[f"{name}.json"]) for name in ("account", "notices", "datasets", "entries")
    )
    assert (account["username"], account["email"], account["second_factor"]) == ("ada", "ada@example.org", False)
    assert notice["subject"] == "Something happened"
    assert (told["name"], told["zip"]) == ("=1+1", f"http://127.0.0.1:8000/datasets/{dataset.pk}/archive.zip")
    assert (result["entry"], result["status"], result["task"]) == (str(entry.pk), "scored", "numerals")
    assert str(entry.pk) in files["entries.csv"].decode()
    assert any(name.startswith(f"manifests/{dataset.pk}") for name in files)


def test_the_zip_holds_all_remarks_of_each_dataset_that_has_some(client, ada):
    task = open_task("numerals")
    clean, odd = (accepted_dataset(ada, task, name) for name in ("clean", "odd"))
    remarks_keep(
        dataset=odd,
        severity="finding",
        named=[Named(rule="strange", path=f"ä{n}.png", detail="Odd.") for n in range(1_001)],
    )

    files = taken(client)

    remarks = json.loads(files[f"remarks/{odd.pk}.json"])
    assert [each["path"] for each in remarks] == [f"ä{n}.png" for n in range(1_001)]
    assert remarks[0] == {"severity": "finding", "rule": "strange", "path": "ä0.png", "detail": "Odd."}
    assert f"remarks/{clean.pk}.json" not in files


def test_the_zip_tells_no_more_of_a_score_than_its_page(client, ada):
    task = open_task("numerals", hidden=4, public_share=0.5, score_decimals=1, ladder=True)
    entry = scored(training(entry_of(accepted_dataset(ada, task)), [(1.0, 0.5)]), Score(accuracy=0.4))
    Result.objects.filter(pk=entry.pk).update(accuracy_public=0.43717, accuracy_private=0.61729, spread=0.09401)

    everything = b"".join(taken(client).values())

    assert not any(secret in everything for secret in (b"0.43717", b"0.61729", b"0.09401"))


def test_the_zip_holds_nothing_of_anybody_else(client, ada):
    eva = person("eva")
    task = open_task("numerals")
    for owner, name in ((ada, "mine"), (eva, "nebenbuhlergut")):
        scored(training(entry_of(accepted_dataset(owner, task, name)), [(1.0, 0.5)]))
    tell(eva, subject="nebenbuhlergut")

    everything = b"".join(taken(client).values())

    assert b"mine" in everything
    assert not any(word in everything for word in (b"nebenbuhlergut", b"eva"))


def test_a_zip_that_is_not_kept_has_no_link(client, ada):
    dataset = accepted_dataset(ada, open_task("numerals"))
    Dataset.objects.filter(pk=dataset.pk).update(archive_freed_at=dataset.created_at)

    assert json.loads(taken(client)["datasets.json"])[0]["zip"] is None
    assert client.get(f"/datasets/{dataset.pk}/archive.zip").status_code == 404
