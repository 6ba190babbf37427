"""A task as an organizer writes it: the YAML that `manage.py task_import` reads, beside its zips."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from pydantic import ValidationError

from fixpoint.accounts.models import User
from fixpoint.recipes import known_recipes
from fixpoint.tasks.bundle_fields import TaskBundle
from fixpoint.tasks.bundle_least import LeastBundle, least_of
from fixpoint.tasks.bundle_problems import BundleError, Problem, named_problem, schema_problem
from fixpoint.tasks.bundle_text import NotYamlError, fields_read
from fixpoint.tasks.saying import shortly
from fixpoint.tasks.stretches import phase_problems

FILES = ("hidden_test", "label_book", "training_data")
UNFIT_FOR_FOLDERS = frozenset('/\\:*?"<>|')
"""Letters that some file system refuses in a name."""


def load_bundle(path: Path, *, is_strangers: bool = False) -> TaskBundle:
    """The task with whole paths. Raises BundleError with all that is wrong at once: syntax, fields, recipe, files.

    Of a bundle that came over the network (`is_strangers`) no file may lie elsewhere than beside the YAML.
    """
    raw = bundle_raw(path)
    problems = fields_problems(raw) + file_problems(raw, path.parent, is_strangers=is_strangers)
    if problems:
        raise BundleError(problems)
    bundle = TaskBundle.model_validate(raw)
    whole: dict[str, Any] = {
        name: path.parent / found for name in FILES if (found := getattr(bundle, name)) is not None
    }
    whole["baselines"] = tuple(each.model_copy(update={"zip": path.parent / each.zip}) for each in bundle.baselines)
    return bundle.model_copy(update=whole)


def fields_problems(raw: dict[str, Any], *, asks_people: bool = True) -> list[Problem]:
    """All that is wrong with the fields of a bundle, whatever its files hold; `asks_people`: who is not known here too.

    What is wrong between fields is told beside what is wrong with some of them.
    """
    least = least_of(raw)
    problems = [*_schema_problems(raw), *_class_problems(raw), *_recipe_problems(raw), *_whole_problems(least)]
    return problems + list(_people_problems(least)) if asks_people else problems


def bundle_raw(path: Path) -> dict[str, Any]:
    """Its fields as they are written. BundleError where it is no YAML."""
    try:
        return fields_read(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise BundleError(
            [_("%(name)s cannot be read: %(strerror)s.") % {"name": path.name, "strerror": error.strerror}]
        ) from error
    except UnicodeDecodeError as error:
        raise BundleError([_("%(name)s is not text in UTF-8.") % {"name": path.name}]) from error
    except NotYamlError as error:
        raise BundleError([str(error)]) from error


def _schema_problems(raw: dict[str, Any]) -> list[Problem]:
    try:
        TaskBundle.model_validate(raw)
    except ValidationError as error:
        return [schema_problem(each) for each in error.errors()]
    return []


def _class_problems(raw: dict[str, Any]) -> list[Problem]:
    names = [name for name in _listed(raw.get("classes")) if isinstance(name, str)]
    folded = Counter(unicodedata.normalize("NFC", name).casefold() for name in names)
    twice = [
        _("The class '%(name)s' stands twice (capitals do not count).") % {"name": name}
        for name, count in folded.items()
        if count > 1
    ]
    unfit = [
        _("The class %(name)s cannot be a folder's name.") % {"name": shortly(name)}
        for name in names
        if not _is_folder_name(name)
    ]
    return [Problem(("classes",), says) for says in twice + unfit]


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _is_folder_name(name: str) -> bool:
    is_plain = name.isprintable() and UNFIT_FOR_FOLDERS.isdisjoint(name)
    return is_plain and name == name.strip() and name not in ("", ".", "..")


def _recipe_problems(raw: dict[str, Any]) -> list[Problem]:
    name = raw.get("recipe")
    if not isinstance(name, str) or name in known_recipes():
        return []
    return [
        Problem(
            ("recipe",),
            _("The recipe '%(name)s' is unknown; known are %(known_recipes)s.")
            % {"name": name, "known_recipes": ", ".join(known_recipes())},
        )
    ]


def _whole_problems(least: LeastBundle) -> Iterator[Problem]:
    """What is wrong between fields that are right by themselves."""
    bundle = least.bundle
    opens, closes, teams = bundle.opens_at, bundle.closes_at, bundle.teams_until
    if opens and closes and closes <= opens:
        yield Problem(
            ("closes_at",),
            _("The task closes (%(closes)s) before it opens (%(opens)s).")
            % {"closes": _local(closes, bundle), "opens": _local(opens, bundle)},
        )
    if teams and closes and teams > closes:
        yield Problem(
            ("teams_until",),
            _("Teams stay as they are from %(teams)s on, which is after the close (%(closes)s).")
            % {"teams": _local(teams, bundle), "closes": _local(closes, bundle)},
        )
    for number, says in phase_problems(bundle.phases, opens_at=opens, closes_at=closes):
        yield Problem(("phases", least.phases[number]), says)
    names = Counter(each.name for each in bundle.baselines)
    for name in (name for name, count in names.items() if count > 1):
        yield Problem(
            ("baselines",), _("The baseline '%(name)s' stands twice: give each a name of its own.") % {"name": name}
        )
    awards = Counter(each.casefold() for each in bundle.awards)
    for award in dict.fromkeys(each for each in bundle.awards if awards[each.casefold()] > 1):
        yield Problem(("awards",), _("The award “%(name)s” stands twice: name each once.") % {"name": award})


def _local(moment: datetime, bundle: TaskBundle) -> str:
    try:
        return f"{moment.astimezone(ZoneInfo(bundle.time_zone)):%Y-%m-%d %H:%M} {bundle.time_zone}"
    except OverflowError:  # the first or the last day of the calendar, and the zone's lies outside of it
        return f"{moment:%Y-%m-%d %H:%M} UTC"


def _people_problems(least: LeastBundle) -> Iterator[Problem]:
    names = least.bundle.organizers
    if least.bundle.baselines and not names and "organizers" not in least.wrong:
        yield named_problem("organizers", _("Name at least one, for whom the baselines are entered."))
    known = {user.username: user for user in User.objects.filter(username__in=names)} if names else {}
    for name in dict.fromkeys(names):
        if name not in known:
            says = _("There is nobody named '%(name)s'. Check the spelling.")
            yield named_problem("organizers", says % {"name": name})
        elif not known[name].is_organizer:
            says = _("'%(name)s' may not run tasks. Give them the role of an organizer first, in the admin.")
            yield named_problem("organizers", says % {"name": name})


def files_named(raw: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    """Every file that a bundle names, with the field that names it."""
    baselines = enumerate(_listed(raw.get("baselines")))
    own = [((field,), raw.get(field)) for field in FILES]
    theirs = [(("baselines", n, "zip"), each.get("zip")) for n, each in baselines if isinstance(each, dict)]
    return [(place, name) for place, name in [*own, *theirs] if isinstance(name, str)]


def file_problems(raw: dict[str, Any], folder: Path, *, is_strangers: bool) -> list[Problem]:
    """A sentence for each file that is not there, or of a stranger's bundle not beside the YAML."""
    found = []
    for place, name in files_named(raw):
        if is_strangers and (Path(name).name != name or "\\" in name):
            says = _("'%(place)s': %(name)s is no plain file name. Put the file beside the YAML.") % {
                "place": place[0],
                "name": shortly(name),
            }
            found.append(Problem(place, says))
        elif not _is_file(folder / name):
            found.append(
                Problem(place, _("'%(place)s': there is no file %(name)s.") % {"place": place[0], "name": name})
            )
    return found


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long for one
        return False
