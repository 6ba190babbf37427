"""A kept English sentence is said in the reader's language, and one that nobody knows as it came."""

import re
import time

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext

from fixpoint.sayings.saying import COUNTED, SENTENCES, said, said_each

OTHERS = ("fr", "es")
LOST = "The entry of Ada of 2026-11-23 was withdrawn by its team."


def french(text: str) -> str:
    with translation.override("fr"):
        return said(text).replace("\u00a0", " ").replace("’", "'")


def gettext_in(language: str, sentence: str) -> str:
    with translation.override(language):
        return gettext(sentence)


def filled(sentence: str) -> dict[str, str]:
    return {name: f"{number}" for number, name in enumerate(re.findall(r"%\((\w+)\)s", sentence), start=7)}


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_found_by_its_words_and_filled_as_it_was(language: str) -> None:
    kept = {sentence: sentence % filled(sentence) for sentence in SENTENCES}

    with translation.override(language):
        wrong = [text for sentence, text in kept.items() if said(text) != gettext(sentence) % filled(sentence)]

    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_number_has_its_own_form(language: str) -> None:
    with translation.override(language):
        for one, many, place in COUNTED:
            for number in (1, 7):
                values = filled(many) | {place: str(number)}
                expected = ngettext(one, many, number) % values
                assert said((one if number == 1 else many) % values) == expected
                assert expected not in {one % values, many % values}


def test_in_english_a_sentence_is_as_it_was_kept() -> None:
    assert said(LOST) == LOST


@pytest.mark.parametrize("text", ["", "From a worker of next year.", "The entry of", "x" * 3_000])
def test_what_nobody_knows_is_shown_as_it_came(text: str) -> None:
    assert french(text) == text


def test_several_sentences_are_said_one_by_one() -> None:
    assert french(f"{LOST} The entry of Bob of 2026-11-23 changed.") == (
        "La soumission de Ada du 2026-11-23 a été retirée par son équipe. La soumission de Bob du 2026-11-23 a changé."
    )


def test_behind_a_known_sentence_an_unknown_one_stays() -> None:
    assert french("The file is encrypted. Ask for a key.") == "Le fichier est chiffré. Ask for a key."


def test_what_people_wrote_inside_of_a_sentence_stays_as_they_wrote_it() -> None:
    assert french("disqualified: the file is empty") == "disqualifiée : the file is empty"


def test_a_reason_inside_of_a_sentence_is_said_too() -> None:
    assert french("This is not a zip that can be read: it is too small to be a zip.") == (
        "Ce n'est pas un zip lisible : il est trop petit pour un zip."
    )


def test_a_reason_that_is_kept_as_a_sentence_has_its_capital() -> None:
    assert french("The name is empty.") == "Le nom est vide."


def test_a_limit_of_a_run_is_told_with_its_phase_and_its_times() -> None:
    kept = (
        "Training on this dataset took longer than the 2 hours 1 second that this task allows (ended after 2 hours "
        "3.5 seconds). Fewer images train faster."
    )

    assert french(kept) == (
        "Entraînement sur ce jeu de données : la limite de temps de cette tâche, 2 heures 1 seconde, a été dépassée "
        "(arrêt après 2 heures 3,5 secondes). Moins d'images s'entraînent plus vite."
    )


def test_figures_are_written_as_the_language_does() -> None:
    kept = "The archive has 1,024.5 MiB; at most 20.0 MiB are allowed."

    assert french(kept) == "L'archive fait 1 024,5 MiB ; 20,0 MiB au plus sont permis."


def test_reasons_by_file_are_said_each_and_the_paths_stay() -> None:
    kept = "the archive: the archive holds no image; a/b.png: the file is empty"

    assert french(kept) == "l'archive: l'archive ne contient aucune image; a/b.png: le fichier est vide"


TOO_BIG = "the archive: the files unpack to 5,000 bytes; the limit is 4,096"
EMPTY = "a/b.png: the file is empty"


@pytest.mark.parametrize("between", ["\n", "; "], ids=["a line each", "as before"])
def test_a_reason_with_a_semicolon_is_one_reason_in_every_language(between: str) -> None:
    kept = between.join((TOO_BIG, EMPTY))

    assert said_each(kept) == [TOO_BIG, EMPTY]
    with translation.override("fr"):
        told = said_each(kept)
    assert [each.replace("\u00a0", " ") for each in told] == [
        "l’archive: les fichiers décompressés font 5 000 octets ; la limite est de 4 096",
        "a/b.png: le fichier est vide",
    ]
    assert french(kept) == between.join(each.replace("\u00a0", " ").replace("’", "'") for each in told)


def test_each_of_many_reasons_is_said_however_long_they_are_together() -> None:
    with translation.override("fr"):
        told = said_each("\n".join(f"{number}/{'a' * 300}.png: the file is empty" for number in range(20)))

    assert len(told) == 20
    assert all(each.endswith(": le fichier est vide") for each in told)


@pytest.mark.parametrize(
    "text",
    [". " * 119 + "00001", "a. " * 78 + "00001", "a. " * 660, "x'. " * 480 + "in val.", "; " * 990, " of " * 490],
)
def test_a_name_that_is_made_to_be_slow_is_not(text: str) -> None:
    begun = time.process_time()

    for kept in (text, f"Collides with '{text[:1_900]}'."):
        for _ in range(100):
            french(kept)

    assert time.process_time() - begun < 1


def test_places_are_filled_with_as_little_as_can_be() -> None:
    with translation.override("fr"):
        told = said("ada renamed the team from a to b from c to d.")

    assert told == gettext_in("fr", "%(who)s renamed the team from %(before)s to %(after)s.") % {
        "who": "ada", "before": "a", "after": "b from c to d"
    }  # fmt: skip


def test_a_limit_of_hundreds_of_digits_is_shown_as_it_came() -> None:
    digits = "9" * 400

    assert f"{digits} hours" in french(
        f"Training on this dataset took longer than the {digits} hours that this task allows (ended after 1 second)."
    )


def test_a_name_that_looks_like_a_pattern_does_no_harm() -> None:
    assert french("No image of class '%(name)s .*' in val.") == "Aucune image de la classe « %(name)s .* » dans val."
