"""A score's provenance page: what it gives is enough to train the same weights again, and tells strangers no more."""

import json
import re
import shlex
import zipfile
from html import unescape
from pathlib import Path

import pytest

from fixpoint.blobs.store import blob_take
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Submission
from tests.fixed_model.packs import QUICK, contents, packed, program, said, stage
from tests.pages.rows import BAND, PROVENANCE, Score, entry_of, scored, training
from tests.support.bundles import entry_files


@pytest.fixture
def entry(rows, owner, task) -> Submission:
    return scored(training(entry_of(rows.accepted_dataset(owner, task), seeds=(0, 1)), [(1.0, 0.5)]), Score(0.75))


@pytest.fixture
def trained(entry, tmp_path) -> Submission:
    """The entry as if the quick recipe had really been trained on a small pack here."""
    out = tmp_path / "trained"
    pack = packed(tmp_path / "packed", contents(train=9, val=4))
    done = program(*stage(pack, out, seeds=[0, 1], threads=2))
    assert done.returncode == 0, done.stderr
    outcome = said(out)
    entry.dataset.pack_sha256 = blob_take(pack).sha256
    entry.dataset.save()
    run, result = entry.result.run, entry.result
    run.outcome, run.weights_sha256 = outcome, blob_take(out / "weights.safetensors").sha256
    run.provenance = PROVENANCE | {"device_class": outcome["device_class"]}
    run.save()
    for told, each in zip(result.per_seed, outcome["seeds"], strict=True):
        told["weights_digest"] = each["weights_digest"]
    result.save()
    Submission.objects.filter(pk=entry.pk).update(recipe=QUICK)
    return entry


def command(page: str, name: str) -> list[str]:
    """As the page prints it, without where the program was installed."""
    found = re.search(rf'<code id="{name}-command">(.*?)</code>', page)
    assert found, page
    first, *rest = shlex.split(unescape(found[1]))
    assert first == "venv/bin/fixed-model"
    return rest


def test_what_the_page_gives_verifies_by_the_command_that_it_prints(trained, owner, client, tmp_path):
    client.force_login(owner)
    page = client.get(f"/entries/{trained.pk}/provenance/").content.decode()
    words = command(page, "verify")
    folder = tmp_path / words[-1]
    folder.mkdir()
    for address in re.findall(r'href="([^"]*/(?:outcome\.json|files/[^"]*))"', page):
        (folder / Path(address).name).write_bytes(client.get(address).getvalue())
    assert sorted(each.name for each in folder.iterdir()) == ["outcome.json", "pack.safetensors", "weights.safetensors"]

    done = program(*words, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "identical" in done.stdout.splitlines()[-1]


def test_a_changed_statement_is_not_verified(trained, owner, client, tmp_path):
    client.force_login(owner)
    words = command(client.get(f"/entries/{trained.pk}/provenance/").content.decode(), "verify")
    folder = tmp_path / words[-1]
    folder.mkdir()
    outcome = client.get(f"/entries/{trained.pk}/outcome.json").json()
    outcome["seeds"][0]["weights_digest"] = "0" * 64
    (folder / "outcome.json").write_text(json.dumps(outcome))
    (folder / "pack.safetensors").write_bytes(client.get(f"/entries/{trained.pk}/files/pack.safetensors").getvalue())

    assert program(*words, cwd=tmp_path).returncode != 0


def test_the_command_from_a_zip_is_one_that_the_program_takes(trained, client, tmp_path):
    """Its arguments are this entry's; the images here are others, so the digests are too."""
    words = command(client.get(f"/entries/{trained.pk}/provenance/").content.decode(), "train")
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        for name, data in entry_files().items():
            archive.writestr(name, data)

    done = program(*words, cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert words[words.index("--seeds") + 1] == "0,1"


def test_the_document_names_all_that_the_score_rests_on(entry, client):
    Attempt.objects.create(handler="submission", kind="evaluate", subject_id=entry.pk, number=1, worker="worker-7")
    told = client.get(f"/entries/{entry.pk}/provenance.json").json()

    assert told["digests"] == {
        "dataset": entry.dataset.digest,
        "pack": entry.dataset.pack_sha256,
        "recipe": entry.recipe_digest,
        "image": PROVENANCE["image"],
        "weights": entry.result.run.weights_sha256,
        "history": entry.result.run.history_sha256,
        "logits": entry.result.logits_sha256,
    }
    assert [each["seed"] for each in told["seeds"]] == [0, 1]
    assert told["machine"]["versions"] == PROVENANCE["versions"]
    assert told["machine"]["device_class"] == PROVENANCE["device_class"]
    assert [each["phase"] for each in told["energy"]["phases"]] == ["ingest", "train", "predict"]
    assert [told["energy"]["measured_band"], *(each["band"] for each in told["energy"]["phases"])] == [BAND] * 4
    assert [state["status"] for state in told["attempts"][0]["states"]][-1] == "scored"


@pytest.mark.parametrize(("page", "shown"), [("provenance", 4), ("certificate", 1)])
def test_what_was_measured_stands_with_its_band(entry, client, page, shown):
    text = client.get(f"/entries/{entry.pk}/{page}/").content.decode()

    assert text.count("±\N{NO-BREAK SPACE}25\N{NO-BREAK SPACE}%") == shown


def test_workers_and_reasons_are_told_to_organizers_alone(entry, owner, organizer, client):
    Attempt.objects.create(handler="submission", kind="evaluate", subject_id=entry.pk, number=1, worker="worker-7")
    addresses = [f"/entries/{entry.pk}/provenance/", f"/entries/{entry.pk}/provenance.json"]
    for person in (None, owner):
        if person:
            client.force_login(person)
        assert not any("worker-" in client.get(address).content.decode() for address in addresses)
    client.force_login(organizer)
    assert all("worker-7" in client.get(address).content.decode() for address in addresses)


def test_the_images_and_weights_are_not_a_strangers(trained, stranger, client):
    client.force_login(stranger)
    for name in ("pack.safetensors", "weights.safetensors", "outcome.json", "../outcome.json"):
        assert client.get(f"/entries/{trained.pk}/files/{name}").status_code == 404
    page = client.get(f"/entries/{trained.pk}/provenance/").content.decode()
    assert "files/" not in page
    assert "verify-command" not in page


def test_an_entry_without_a_score_has_none(rows, owner, task, client):
    running = training(entry_of(rows.accepted_dataset(owner, task)), [(1.0, 0.5)])
    client.force_login(owner)

    assert client.get(f"/entries/{running.pk}/provenance/").status_code == 404


def test_no_bit_of_the_hidden_set_is_in_it(entry, client):
    told = client.get(f"/entries/{entry.pk}/provenance.json").content.decode()

    assert "correct" not in told
    assert '"accuracy"' in told
    assert told.count('"accuracy"') == 1
