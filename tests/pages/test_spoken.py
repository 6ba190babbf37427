"""What is refused, ends or is done is told in the reader's language: on pages, in mails, by the protocol of uploads."""

import asyncio
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.accounts.notices import notices_mail
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_refuse, dataset_upload
from fixpoint.submissions.services import submission_cancel, submission_fail
from fixpoint.tasks.models import Task
from fixpoint.tasks.outcomes import Refused
from fixpoint.uploads.application import with_uploads
from tests.pages.rows import entry_of, scored, training
from tests.support.bundles import entry_files
from tests.support.platform import zip_of
from worker.contract import Fault

pytestmark = pytest.mark.django_db
LIMIT = "Training on this dataset took longer than the 1 minute that this task allows (ended after 1 minute 3 seconds)."
LANGUAGES = ("fr", "es")


def in_language(language: str) -> dict[str, Any]:
    return {"headers": {"accept-language": language}}


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ").replace("’", "'").replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fr", "1 soumission est tout ce que cette tâche permet, et elle est utilisée."),
        ("es", "Esta tarea permite 1 envío en total, y está usado."),
    ],
)
def test_a_refused_entry_is_told_why(signed_in: Client, accepted: Dataset, language: str, says: str) -> None:
    Task.objects.update(entries_total=1)
    entry_of(accepted)

    answer = signed_in.post(reverse("enter", args=[accepted.pk]), follow=True, **in_language(language))

    assert says in text_of(answer)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "fr",
            (
                "Refusé pour 3 motifs : chacun est listé avec ce qu'il faut faire.",
                "« KLASSE-EINS » n'est pas une classe de cette tâche ; son dossier contient 1 fichier.",
                "Vouliez-vous dire « klasse-eins » ?",
                "Le nom sort de son dossier.",
                "le fichier se termine avant son dernier bloc",
            ),
        ),
        (
            "es",
            (
                "Rechazado por 3 motivos: cada uno se enumera con lo que hay que hacer.",
                "«KLASSE-EINS» no es una clase de esta tarea; su carpeta contiene 1 archivo.",
                "¿Querías decir «klasse-eins»?",
                "El nombre sale de su carpeta.",
                "el archivo termina antes de su último bloque",
            ),
        ),
    ],
)
def test_a_refused_upload_is_told_every_reason(
    signed_in: Client, owner: User, task: Task, language: str, says: tuple[str, ...]
) -> None:
    files = entry_files() | {"../up.png": b"x", "train/KLASSE-EINS/a.png": b"x"}
    dataset = dataset_upload(owner=owner, task=task, name="mine", file=SimpleUploadedFile("mine.zip", zip_of(files)))
    late = {"rule": "unreadable-image", "path": "train/x.png", "detail": "the file ends before its last chunk"}
    Dataset.objects.update(status="ingesting")
    dataset.refresh_from_db()
    dataset_refuse(
        dataset=dataset,
        outcome=Refused.model_validate({"refusals": [late], "refusal_counts": {"unreadable-image": 1}}),
    )

    page = text_of(signed_in.get(reverse("dataset", args=[dataset.pk]), **in_language(language)))

    assert [each for each in says if each not in page] == []
    assert "Refused for 3 reasons" in Dataset.objects.get().reason, "what is kept is in no reader's language"


@pytest.mark.parametrize(
    ("language", "subject", "text"),
    [
        (
            "fr",
            "Échec : « cleaned by hand » dans Numerals",
            "la limite de temps de cette tâche, 1 minute, a été dépassée",
        ),
        ("es", "Ha fallado: «cleaned by hand» en Numerals", "se superó el límite de tiempo de esta tarea, 1 minuto"),
    ],
)
def test_the_end_of_a_run_is_mailed_in_its_readers_language(
    owner: User, accepted: Dataset, language: str, subject: str, text: str
) -> None:
    User.objects.filter(pk=owner.pk).update(language=language)
    entry = training(entry_of(accepted), [])

    submission_fail(submission=entry, fault=Fault(code="timeout", detail=LIMIT))
    notices_mail()

    [message] = mail.outbox
    assert subject in message.subject
    assert text in message.body.replace("\u00a0", " ")
    entry.refresh_from_db()
    assert entry.reason == LIMIT


@pytest.mark.parametrize(("language", "says"), [("fr", "Annulée par"), ("es", "Cancelado por")])
def test_a_kept_reason_is_read_in_the_language_of_whoever_reads_it(
    signed_in: Client, owner: User, accepted: Dataset, language: str, says: str
) -> None:
    entry = entry_of(accepted)
    submission_cancel(submission=entry, who=owner)

    page = text_of(signed_in.get(reverse("entry", args=[entry.pk]), **in_language(language)))

    assert f"{says} {owner.username}" in page


@pytest.mark.parametrize(
    ("language", "says"),
    [("fr", "Ce n'est pas votre mot de passe."), ("es", "Esta no es tu contraseña.")],
)
def test_a_form_says_what_is_wrong(signed_in: Client, owner: User, language: str, says: str) -> None:
    owner.set_password("correct horse battery")
    owner.save()
    signed_in.force_login(owner)

    answer = signed_in.post(reverse("account_delete"), {"password": "wrong"}, **in_language(language))

    assert says in text_of(answer)


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("fr", "Seule une soumission avec un score figure sur un classement, et jamais une réexécution."),
        ("es", "Solo un envío con puntuación está en una clasificación, y nunca una repetición."),
    ],
)
def test_an_organizer_is_told_why_an_act_was_not_done(
    organizer: User, accepted: Dataset, language: str, says: str
) -> None:
    entry = entry_of(accepted)
    client = Client()
    client.force_login(organizer)

    form = {"act": "disqualify", "why": "copied", "entry": [str(entry.pk)]}
    answer = client.post(f"/organize/{entry.task.slug}/entries/", form, follow=True, **in_language(language))

    assert says in text_of(answer)


def test_an_organizers_act_is_told_to_the_owner_in_theirs(organizer: User, owner: User, accepted: Dataset) -> None:
    User.objects.filter(pk=owner.pk).update(language="es")
    entry = scored(training(entry_of(accepted), [], epochs=1))
    client = Client()
    client.force_login(organizer)

    form = {"act": "disqualify", "why": "copied", "entry": [str(entry.pk)]}
    client.post(f"/organize/{entry.task.slug}/entries/", form, **in_language("fr"))

    notice = owner.notices.get()
    assert "fue descalificado" in notice.subject
    assert notice.text.endswith("Numerals: copied")


@pytest.mark.parametrize(
    ("headers", "status", "says"),
    [
        ({"accept-language": "fr"}, 412, "Cette adresse parle le protocole tus"),
        ({"accept-language": "fr", "tus-resumable": "1.0.0"}, 401, "Connectez-vous d’abord."),
        ({"accept-language": "fr", "cookie": "django_language=es", "tus-resumable": "1.0.0"}, 401, "Entra primero."),
        ({"tus-resumable": "1.0.0"}, 401, "Sign in first."),
    ],
)
def test_the_protocol_of_uploads_answers_as_the_pages_do(headers: dict[str, str], status: int, says: str) -> None:
    answer = asyncio.run(_answer(headers))

    assert answer[0]["status"] == status
    assert says in answer[1]["body"].decode()


async def _answer(headers: dict[str, str]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def pages(*_: object) -> None:
        raise AssertionError

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/uploads/",
        "query_string": b"",
        "scheme": "http",
        "server": ("testserver", 80),
        "headers": [(b"host", b"testserver"), *((k.encode(), v.encode()) for k, v in headers.items())],
    }
    await with_uploads(pages)(scope, receive, send)
    return sent
