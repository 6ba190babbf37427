"""What can be taken away: CSV, CodeCarbon's columns, a model card's block, a badge, a certificate and its picture."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import fields
from datetime import timedelta

import pytest
from codecarbon.output_methods.emissions_data import EmissionsData
from django.utils import timezone
from huggingface_hub import ModelCard
from PIL import Image

from fixpoint.leaderboard.freezing import boards_freeze
from fixpoint.pages.emissions_rows import COLUMNS
from fixpoint.pages.preview_picture import SIZE, drawable, preview
from fixpoint.submissions.disqualifying import submission_disqualify
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Team
from tests.pages.rows import BAND, Score, entry_of, scored, training

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def entry(rows, owner, task) -> Submission:
    return scored(entry_of(rows.accepted_dataset(owner, task)), Score(0.8465, kwh=0.0012, measured_kwh=0.0051))


def table(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def metas(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page))


def closed_with_private(entry, accuracy: float) -> None:
    """As a task stands after its end that held some of its hidden images back."""
    Result.objects.filter(pk=entry.pk).update(accuracy_private=accuracy)
    Task.objects.filter(pk=entry.task_id).update(public_share=0.5, closes_at=timezone.now() - timedelta(seconds=1))
    first = entry.task.hidden_images.first()
    entry.task.hidden_images.exclude(pk=first.pk).update(is_public=False)


# --- emissions ---


def test_the_columns_are_codecarbons_own_in_its_order():
    assert list(COLUMNS) == [field.name for field in fields(EmissionsData)]


def test_an_entrys_emissions_are_a_row_a_phase_that_codecarbons_reader_takes(entry, client):
    answer = client.get(f"/entries/{entry.pk}/emissions.csv")
    assert answer.content.startswith(b"timestamp,project_name,")

    found = table(answer)

    assert [each["run_id"].rpartition("-")[2] for each in found] == ["ingest", "train", "predict"]
    assert all(EmissionsData(**each).project_name == "numerals" for each in found)
    assert sum(float(each["energy_consumed"]) for each in found) == pytest.approx(0.0051)
    assert sum(float(each["emissions"]) for each in found) == pytest.approx(0.0051 * 445 / 1000)
    train = found[1]
    assert float(train["emissions_rate"]) * float(train["duration"]) == pytest.approx(float(train["emissions"]))
    assert float(train["cpu_power"]) * float(train["duration"]) / 3.6e6 == pytest.approx(float(train["cpu_energy"]))


def test_what_was_not_measured_is_empty_and_not_0(rows, owner, task, client):
    entry = scored(entry_of(rows.accepted_dataset(owner, task)), Score(measured_kwh=0.002))
    entry.energies.update(kwh=None, cpu_kwh=None)

    train = table(client.get(f"/entries/{entry.pk}/emissions.csv"))[1]

    assert (train["energy_consumed"], train["emissions"], train["cpu_power"], train["gpu_energy"]) == ("", "", "", "")


def test_a_tasks_emissions_are_those_of_the_entries_on_its_board(entry, rows, stranger, task, client):
    worse = scored(entry_of(entry.dataset), Score(0.1, kwh=0.5))
    other = scored(entry_of(rows.accepted_dataset(stranger, task)), Score(0.5))

    found = {each["experiment_id"] for each in table(client.get(f"/tasks/{task.slug}/emissions.csv"))}

    assert found == {str(entry.pk), str(other.pk)}
    assert str(worse.pk) not in found


# --- the board ---


def test_the_board_as_csv_is_the_board(entry, rows, stranger, task, client):
    scored(entry_of(rows.accepted_dataset(stranger, task)), Score(0.5))

    found = table(client.get(f"/tasks/{task.slug}/board.csv"))

    by_accuracy = [each for each in found if each["list"] == "accuracy"]
    assert [(each["rank"], each["team"], each["accuracy"]) for each in by_accuracy] == [
        ("1", "owner", "0.8465"),
        ("2", "stranger", "0.5"),
    ]
    assert len([each for each in found if each["list"] == "emissions"]) == 2


def test_all_lists_of_the_board_stand_in_the_csv_with_their_bands(entry, rows, stranger, task, client):
    Task.objects.filter(pk=task.pk).update(closes_at=timezone.now() + timedelta(microseconds=1))
    late = scored(entry_of(rows.accepted_dataset(stranger, task)), Score(0.5, measured_kwh=None))

    found = table(client.get(f"/tasks/{task.slug}/board.csv"))

    assert [(each["list"], each["entry"]) for each in found] == [
        *((name, str(entry.pk)) for name in ("accuracy", "emissions", "measured", "front")),
        ("late", str(late.pk)),
    ]
    assert [each["measured_band"] for each in found] == [str(BAND)] * 4 + [""]
    assert {(each["on_front"], each["near_front"]) for each in found[:4]} == {("True", "False")}


def test_a_name_that_is_a_formula_is_text_in_the_csv(rows, task, client):
    scored(entry_of(rows.accepted_dataset(rows.person("@SUM(A1)"), task)))

    assert table(client.get(f"/tasks/{task.slug}/board.csv"))[0]["team"] == "'@SUM(A1)"


def test_an_older_revision_of_the_board_as_csv(entry, task, client):
    Task.objects.filter(pk=task.pk).update(status="closed")
    boards_freeze()
    submission_disqualify(submission=entry, why="The hidden images were in it.", who="anna")
    boards_freeze()

    assert table(client.get(f"/tasks/{task.slug}/board.csv")) == []
    older = table(client.get(f"/tasks/{task.slug}/board.csv?revision=1"))
    assert [each["list"] for each in older] == ["accuracy", "emissions", "measured", "front"]


# --- the model card ---


def test_the_model_cards_block_is_read_by_hugging_faces_library(entry, client):
    card = ModelCard(client.get(f"/entries/{entry.pk}/model-card.md").content.decode())

    told = card.data.co2_eq_emissions
    assert told["emissions"] == pytest.approx(0.0051 * 445)
    assert set(told) == {"emissions", "source", "training_type", "geographical_location", "hardware_used"}
    assert "M1" in told["source"]
    assert "Xeon" in told["hardware_used"]


def test_without_a_measurement_the_card_says_that_its_grams_are_standardised(rows, owner, task, client):
    entry = scored(entry_of(rows.accepted_dataset(owner, task)), Score(kwh=0.004, measured_kwh=None))

    told = ModelCard(client.get(f"/entries/{entry.pk}/model-card.md").content.decode()).data.co2_eq_emissions

    assert told["emissions"] == pytest.approx(0.004 * 445)
    assert "standardised" in told["source"]


# --- the badge ---


def test_the_badge_says_score_and_grams(entry, client):
    answer = client.get(f"/entries/{entry.pk}/badge.svg")
    svg = ET.fromstring(answer.content)

    assert answer["Content-Type"] == "image/svg+xml"
    says = "0.8465 · 0.534\N{NO-BREAK SPACE}g"
    assert [each.text for each in svg.iter(f"{SVG}text")] == ["fixpoint", says]
    assert svg.get("aria-label") == f"fixpoint: {says}"


def test_an_unchanged_badge_is_not_sent_again(entry, client):
    first = client.get(f"/entries/{entry.pk}/badge.svg")
    again = client.get(f"/entries/{entry.pk}/badge.svg", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age" in first["Cache-Control"]

    submission_disqualify(submission=entry, why="The hidden images were in it.", who="anna")

    changed = client.get(f"/entries/{entry.pk}/badge.svg", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert b"disqualified" in changed.content


# --- the certificate ---


def test_the_certificate_says_who_how_well_and_at_what_cost(entry, client):
    page = client.get(f"/entries/{entry.pk}/certificate/").content.decode()

    assert ">owner</h1>" in page
    assert "0.8465" in page
    assert "0.534\N{NO-BREAK SPACE}g" in page
    assert "place of 1 by now" in page


def test_a_link_to_it_has_a_preview_with_whole_addresses(entry, client, settings):
    settings.SITE_URL = "https://fixpoint.example"
    told = metas(client.get(f"/entries/{entry.pk}/certificate/").content.decode())

    assert told["og:url"] == f"https://fixpoint.example/entries/{entry.pk}/certificate/"
    assert told["og:image"] == f"https://fixpoint.example/entries/{entry.pk}/preview.png"
    assert told["twitter:card"] == "summary_large_image"
    assert "0.8465" in told["og:description"]


@pytest.mark.parametrize("page", ["", "board/"])
def test_links_to_a_task_and_its_board_have_previews_too(task, client, settings, page):
    settings.SITE_URL = "https://fixpoint.example"
    Task.objects.filter(pk=task.pk).update(title='Numerals & "more"', summary="Read <i>them</i>.")
    told = metas(client.get(f"/tasks/{task.slug}/{page}").content.decode())

    assert told["og:url"] == f"https://fixpoint.example/tasks/{task.slug}/{page}"
    assert "Numerals &amp; &quot;more&quot;" in told["og:title"]
    assert told["og:description"]


def test_the_picture_is_a_png_of_the_usual_size(entry, client):
    answer = client.get(f"/entries/{entry.pk}/preview.png")
    image = Image.open(io.BytesIO(answer.content))

    assert (answer["Content-Type"], image.format, image.size) == ("image/png", "PNG", SIZE)
    assert len(image.getcolors(maxcolors=2**20)) > 2


def test_the_picture_is_drawn_again_when_a_figure_changes_and_not_before(entry, client):
    preview.cache_clear()
    first, again = (client.get(f"/entries/{entry.pk}/preview.png").content for _ in range(2))
    Team.objects.filter(pk=entry.team_id).update(name="Others")
    changed = client.get(f"/entries/{entry.pk}/preview.png").content

    assert first == again != changed
    assert preview.cache_info().misses == 2


@pytest.mark.parametrize("name", ["Ωμέγα", "名前", "שלום", "x" * 150, "é", "ада"])
def test_any_name_can_be_drawn(rows, task, client, name):
    entry = scored(entry_of(rows.accepted_dataset(rows.person(name), task)))
    Task.objects.filter(pk=task.pk).update(title=f"{name} {name}"[:120])

    image = Image.open(io.BytesIO(client.get(f"/entries/{entry.pk}/preview.png").content))

    assert image.size == SIZE


def test_letters_lose_their_marks_and_a_name_of_other_letters_gives_way():
    assert drawable("Zoë Łukasz"[:3], "Entry 1") == "Zoe"
    assert drawable("名前", "Entry 1") == "Entry 1"
    assert drawable("ada 名", "Entry 1") == "Entry 1"
    assert drawable("  ", "Entry 1") == "Entry 1"
    assert drawable("ada.l", "Entry 1") == "ada.l"


# --- what may be told ---


def test_while_the_task_runs_all_of_it_tells_the_told_score_and_at_its_end_the_final_one(entry, client):
    Result.objects.filter(pk=entry.pk).update(accuracy_public=0.84654321, accuracy_private=0.7123)
    addresses = [
        f"/entries/{entry.pk}/{each}" for each in ("badge.svg", "certificate/", "provenance/", "provenance.json")
    ]
    for address in addresses:
        text = client.get(address).content.decode()
        assert "0.8465" in text, address
        assert "0.84654" not in text, address
        assert "0.7123" not in text, address

    closed_with_private(entry, 0.7123)

    for address in addresses:
        assert "0.7123" in client.get(address).content.decode(), address


def test_an_entry_without_a_score_has_nothing_to_take_away(rows, owner, task, client):
    running = training(entry_of(rows.accepted_dataset(owner, task)), [(1.0, 0.5)])
    client.force_login(owner)
    for each in ("badge.svg", "certificate/", "preview.png", "emissions.csv", "model-card.md"):
        assert client.get(f"/entries/{running.pk}/{each}").status_code == 404


def test_the_entrys_page_links_all_of_it(entry, client):
    page = client.get(f"/entries/{entry.pk}/").content.decode()

    for each in ("badge.svg", "certificate/", "emissions.csv", "model-card.md", "provenance/", "provenance.json"):
        assert f'href="/entries/{entry.pk}/{each}"' in page


# --- a ladder ---


def test_a_score_that_a_ladder_carried_leaves_the_site_as_nobodys_own(entry, client):
    Task.objects.filter(pk=entry.task_id).update(ladder=True)
    Submission.objects.filter(pk=entry.pk).update(is_own_score=False)

    paths = [f"/entries/{entry.pk}/{name}" for name in ("badge.svg", "certificate/", "preview.png")]

    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
    told = client.get(f"/entries/{entry.pk}/provenance.json").json()
    assert (told["accuracy"], told["is_own_score"]) == (None, False)
    assert "is told when the task is over" in client.get(f"/entries/{entry.pk}/provenance/").content.decode()
    assert "badge.svg" not in client.get(f"/entries/{entry.pk}/").content.decode()
    for name in ("model-card.md", "emissions.csv"):
        assert "0.8465" not in client.get(f"/entries/{entry.pk}/{name}").content.decode()

    Task.objects.filter(pk=entry.task_id).update(closes_at=timezone.now() - timedelta(seconds=1))
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]
    assert client.get(f"/entries/{entry.pk}/provenance.json").json()["accuracy"] == 0.8465
