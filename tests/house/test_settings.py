"""Settings that are read from the environment fail loudly, by name; secrets are drawn once and kept to their owner."""

import os
import stat
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from fixpoint import env
from fixpoint.secret_file import secret_of
from fixpoint.settings import database


def test_a_flag_that_is_neither_yes_nor_no_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("FIXPOINT_DEBUG", "maybe")
    with pytest.raises(ImproperlyConfigured, match="FIXPOINT_DEBUG is 'maybe'"):
        env.flag("FIXPOINT_DEBUG", default=False)


@pytest.mark.parametrize(("word", "meaning"), [("1", True), ("Yes", True), ("off", False), ("", False)])
def test_a_flag_is_read_as_people_write_it(monkeypatch, word, meaning):
    monkeypatch.setenv("FIXPOINT_DEBUG", word)
    assert env.flag("FIXPOINT_DEBUG", default=not meaning) is meaning


def test_a_number_that_is_none_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("FIXPOINT_LEASE_SECONDS", "two minutes")
    with pytest.raises(ImproperlyConfigured, match="FIXPOINT_LEASE_SECONDS"):
        env.number("FIXPOINT_LEASE_SECONDS", 120)


@pytest.mark.parametrize("name", ["FIXPOINT_BLOB_GRACE_HOURS", "FIXPOINT_STORAGE_GIB_PER_PERSON"])
def test_a_number_below_0_is_refused_by_name(monkeypatch, name):
    monkeypatch.setenv(name, "-1")
    with pytest.raises(ImproperlyConfigured, match=f"{name} is '-1'.*not below 0"):
        env.number(name, 48)


def test_a_variable_without_a_default_must_be_set(monkeypatch):
    monkeypatch.delenv("FIXPOINT_NOWHERE", raising=False)
    with pytest.raises(ImproperlyConfigured, match="FIXPOINT_NOWHERE"):
        env.text("FIXPOINT_NOWHERE")


def test_words_are_parted_at_commas_and_empty_ones_dropped(monkeypatch):
    monkeypatch.setenv("FIXPOINT_ALLOWED_HOSTS", " a.example, ,b.example ")
    assert env.words("FIXPOINT_ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_a_database_address_gives_its_parts_unquoted():
    found = database("postgres://fix:p%40ss@db.example:5433/point")
    parts = {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert parts == {"NAME": "point", "USER": "fix", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433"}


def test_another_kind_of_database_is_refused():
    with pytest.raises(ImproperlyConfigured, match="postgres://"):
        database("mysql://fix@db/point")


def test_the_secret_is_drawn_once_and_readable_by_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv("FIXPOINT_SECRET_KEY", raising=False)
    path = tmp_path / "home" / "secret_key"
    first = secret_of("FIXPOINT_SECRET_KEY", path)
    assert len(first) >= 50
    assert secret_of("FIXPOINT_SECRET_KEY", path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_environments_secret_goes_before_the_files(tmp_path, monkeypatch):
    monkeypatch.setenv("FIXPOINT_SECRET_KEY", "from outside")
    assert secret_of("FIXPOINT_SECRET_KEY", tmp_path / "secret_key") == "from outside"
    assert not (tmp_path / "secret_key").exists()


def test_programs_that_start_together_end_with_one_secret(tmp_path, monkeypatch):
    monkeypatch.delenv("FIXPOINT_SECRET_KEY", raising=False)
    path, start, found = tmp_path / "secret_key", threading.Barrier(8), []

    def draw() -> None:
        start.wait()
        found.append(secret_of("FIXPOINT_SECRET_KEY", path))

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["secret_key"]


def test_what_a_program_left_that_was_killed_while_it_drew_stops_none_of_the_same_number(tmp_path, monkeypatch):
    monkeypatch.delenv("FIXPOINT_SECRET_KEY", raising=False)
    (tmp_path / f"secret_key.{os.getpid()}").write_text("half a sec")

    assert len(secret_of("FIXPOINT_SECRET_KEY", tmp_path / "secret_key")) >= 50


@pytest.mark.parametrize("left", ["", "short", " " * 40])
def test_a_secret_file_that_was_not_written_whole_is_refused(tmp_path, monkeypatch, left):
    monkeypatch.delenv("FIXPOINT_SECRET_KEY", raising=False)
    (tmp_path / "secret_key").write_text(left)
    with pytest.raises(ImproperlyConfigured, match="too few for a secret"):
        secret_of("FIXPOINT_SECRET_KEY", tmp_path / "secret_key")
