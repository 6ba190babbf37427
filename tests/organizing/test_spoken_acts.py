"""Whatever language an organizer speaks: others are told in theirs, and what is kept is in nobody's."""

from django.utils import translation

from fixpoint.accounts.language import language_choose
from fixpoint.accounts.models import Notice
from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.organizing.archiving import task_archive, task_restore
from fixpoint.organizing.models import Act, Award
from fixpoint.organizing.pausing import task_end
from fixpoint.tasks.models import Task

WHY = "Its hidden images leaked."
FRENCH = {"accept-language": "fr"}


def over_with(task, organizer, *names):
    task_end(task=task, why="", who=organizer)
    standings_freeze(task_id=task.pk)
    Task.objects.filter(pk=task.pk).update(awards=list(names))
    return f"/organize/{task.slug}/awards/"


def test_an_award_by_figures_is_no_award_of_the_tasks_own_in_any_language(client, organizer, task, standing):
    page = over_with(task, organizer, "Best performance", "La plus sobre", "Courage")
    client.force_login(organizer)

    for language in ("en", "fr", "es"):
        told = client.get(page, headers={"accept-language": language}).content.decode()
        assert "<option>Courage</option>" in told
        assert "<option>Best performance</option>" not in told
        assert "<option>La plus sobre</option>" not in told


def test_the_grounds_of_an_award_are_kept_in_no_language_and_told_in_the_readers(client, organizer, task, standing):
    page = over_with(task, organizer, "Courage")
    client.force_login(organizer)
    chosen = {"kind": "named", "name": "Courage", "entry": str(standing.pk), "prize": ""}

    client.post(f"{page}give/", chosen, headers=FRENCH)

    kept = Act.objects.get(what="awarded").details["grounds"]
    assert (Award.objects.get().grounds, kept) == ("chosen by the organizers", "chosen by the organizers")
    for shown in (page, f"/organize/{task.slug}/audit/"):
        assert "choisie par les organisateurs" in client.get(shown, headers=FRENCH).content.decode()


def test_who_took_part_reads_in_their_language_that_a_task_was_archived_and_is_back(owner, organizer, task, waiting):
    language_choose(user=owner, language="es")
    with translation.override("fr"):
        task_archive(task=task, why=WHY, who=organizer)
        task_restore(task=task, why="", who=organizer)

    told = Notice.objects.filter(user=owner, path__in=("/me/", f"/tasks/{task.slug}/")).order_by("pk")
    assert [each.subject for each in told] == [
        f"{task.title} se ha archivado",
        f"{task.title} vuelve a estar a la vista",
    ]
    assert all("organizadores" in each.text for each in told)


def test_why_an_entry_was_stopped_is_kept_in_english_and_read_in_any_language(client, owner, organizer, task, waiting):
    with translation.override("fr"):
        task_archive(task=task, why=WHY, who=organizer)

    waiting.refresh_from_db()
    assert waiting.reason == f"Its task was archived: not charged. {WHY}"
    client.force_login(owner)
    page = client.get(f"/entries/{waiting.pk}/", headers=FRENCH).content.decode().replace("\u00a0", " ")
    assert f"Sa tâche a été archivée : non décomptée. {WHY}" in page
