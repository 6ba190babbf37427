"""The four forms of the wizard; a field is named as in the bundle. Nothing is required before the check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fixpoint.organizing.wizard.fields import LinesField, MomentField, ZipField
from fixpoint.recipes import known_recipes, recipe_facts
from fixpoint.tasks.models import Baseline, Task

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _line(label: str | _StrPromise, says: str | _StrPromise = "", most: int = 120) -> forms.CharField:
    return forms.CharField(label=label, help_text=says, max_length=most)


def _text(label: str | _StrPromise, says: str | _StrPromise = "", rows: int = 5) -> forms.CharField:
    return forms.CharField(label=label, help_text=says, widget=forms.Textarea(attrs={"rows": rows}))


def _number(label: str | _StrPromise, says: str | _StrPromise = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=says)


def _recipe_told(name: str) -> str:
    facts = recipe_facts(name)
    says = ngettext(
        "%(name)s: %(side)s × %(side)s pixels, %(epochs)s epoch",
        "%(name)s: %(side)s × %(side)s pixels, %(epochs)s epochs",
        facts.epochs,
    )
    return says % {"name": name, "side": facts.input_size, "epochs": facts.epochs}


def _share(label: str | _StrPromise, says: str | _StrPromise = "") -> forms.FloatField:
    return forms.FloatField(label=label, help_text=says, widget=forms.NumberInput(attrs={"step": "any"}))


class StepForm(forms.Form):
    """A step: everything may be left for later."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            field.widget.is_required = False


class WhatForm(StepForm):
    """What is to be solved."""

    title = _line(_("Title"))
    slug = _line(
        _("Address"), _("Lower-case letters, digits and hyphens: roman-numerals makes /tasks/roman-numerals/."), 60
    )
    summary = _line(_("Summary"), _("One sentence for the list of tasks."), 300)
    description = _text(_("Description"), _("What is the goal, and why? A blank line begins a new paragraph."), 8)
    classes = LinesField(
        label=_("Classes"),
        rows=8,
        help_text=_("One a line, in your own order: the names of the folders in every zip. Two at least."),
    )
    label_book = ZipField(
        label=_("Label book (zip)"), help_text=_("A folder a class with a few clear examples. Its picture is public.")
    )


class DataForm(StepForm):
    """What is hidden, and what people start from."""

    hidden_test = ZipField(
        label=_("Hidden test set (zip)"),
        help_text=_("A folder a class. Workers get the images without names and labels; people never see them."),
    )
    public_share = _share(
        _("Public share"),
        _("Of the hidden images that scores are told of while the task runs. The others decide at its end."),
    )
    training_data = ZipField(label=_("Training data (zip)"), help_text=_("For participants to start from."))
    baseline_title = _line(_("Name of a baseline"), _("As it stands on the board, for example “as collected”."))
    baseline_role = forms.ChoiceField(label=_("It is a"), choices=Baseline.Role.choices)
    baseline = ZipField(
        label=_("Its dataset (zip of train and val)"),
        help_text=_("Entered by itself as soon as the task is ready: unranked, of no quota. Save to add another one."),
    )


class RulesForm(StepForm):
    """How entries are made, counted and told."""

    recipe = forms.ChoiceField(label=_("Recipe"), help_text=_("The locked model and its training."))
    rules = _text(_("Rules"))
    eligibility = _text(_("Who may take part"), rows=3)
    prizes = _text(_("Prizes"), rows=3)
    awards = LinesField(label=_("Awards"), rows=3, help_text=_("Names, one a line: what is awarded at the end."))
    faq = _text(
        _("Questions and answers"),
        _("Markdown: a heading a question. What your settings answer stands on the task's page by itself."),
    )
    entries_per_day = _number(_("Entries in 24 hours"), _("Of a team."))
    entries_per_week = _number(_("Entries in 7 days"), _("0: no such limit."))
    entries_total = _number(_("Entries in all"))
    entries_at_once = _number(_("Entries at the same time"), _("Waiting or running; 0: no such limit."))
    max_team_size = _number(_("People in a team"), _("1: everybody alone."))
    max_images = _number(_("Images"), _("Of train and val together."))
    max_archive_mib = _number(_("Zip, MiB"))
    max_image_mib = _number(_("One image, MiB"))
    max_image_megapixels = _number(_("One image, megapixels"))
    max_storage_gib = _number(_("Kept by one person, GiB"), _("0: the site's limit alone."))
    accuracy_floor = _share(_("Accuracy floor"), _("Below it an entry is not ranked by emissions."))
    grid_g_per_kwh = _share(_("Grams of CO₂ per kWh"))
    pue = _share(_("Power usage effectiveness"), _("1 for a computer by itself, more for its cooling."))
    score_decimals = _number(_("Decimals of a told score"))
    ladder = forms.BooleanField(
        label=_("Ladder"), help_text=_("A team's told score moves only when an entry is clearly better.")
    )
    counting = forms.ChoiceField(
        label=_("What counts"), choices=Task.Counting.choices, help_text=_("Of a team's entries.")
    )
    max_chosen = _number(_("Entries that a team may choose"))
    takes_late_entries = forms.BooleanField(
        label=_("Take entries after the close"), help_text=_("Scored, and apart from the ranking.")
    )
    seeds = _number(_("Seeds of an entry"), _("It is trained so often; its score is the mean."))
    seed = _number(_("First seed"))
    train_seconds = _number(_("Training, seconds"), _("Of one seed."))
    predict_seconds = _number(_("Prediction, seconds"), _("Of one seed."))
    ingest_seconds = _number(_("Reading a zip, seconds"))
    cpus = _number(_("Processors of a run"))
    memory_gib = _number(_("Memory of a run, GiB"))
    processes = _number(_("Processes of a run"))
    device = forms.ChoiceField(
        label=_("Trains on"), choices=[("any", _("any worker")), ("cpu", _("workers without GPU")), ("gpu", _("GPU"))]
    )
    workers = _line(_("Workers of its own"), _("A name; empty: everybody's."), 40)

    GROUPS: ClassVar[dict[str, str]] = {
        "model": "recipe seeds seed",
        "entries": "entries_per_day entries_per_week entries_total entries_at_once max_team_size takes_late_entries",
        "scores": "score_decimals ladder counting max_chosen accuracy_floor grid_g_per_kwh pue",
        "data": "max_images max_archive_mib max_image_mib max_image_megapixels max_storage_gib",
        "running": "train_seconds predict_seconds ingest_seconds cpus memory_gib processes device workers",
    }

    def grouped(self) -> dict[str, list[forms.BoundField]]:
        """The fields that stand side by side."""
        return {name: [self[each] for each in names.split()] for name, names in self.GROUPS.items()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipe"].choices = [(name, _recipe_told(name)) for name in known_recipes()]  # type: ignore[attr-defined]


class DatesForm(StepForm):
    """When, and for whom."""

    time_zone = _line(_("Time zone"), _("A name such as Europe/Vienna or UTC: all dates here are of this zone."), 63)
    opens_at = MomentField(label=_("Opens"), help_text=_("Empty: as soon as it is ready and published."))
    closes_at = MomentField(label=_("Closes"), help_text=_("Empty: when you close it."))
    teams_until = MomentField(label=_("Teams change until"), help_text=_("Empty: until it closes."))
    visibility = forms.ChoiceField(label=_("Who may look at it"), choices=Task.Visibility.choices)
    organizers = LinesField(
        label=_("Organizers beside you"), rows=3, help_text=_("Usernames, one a line, of people who may run tasks.")
    )


class PhaseForm(StepForm):
    """One phase, a row of the dates; without a name it is none."""

    name = _line(_("Name"), most=60)
    begins_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends"))
    entries_per_day = _number(_("Entries in 24 hours"))
    entries_total = _number(_("Entries in it"))
    note = _line(_("Note"), most=300)


class _Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    """Each row is read, one that was not touched too."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """For every row alike."""
        return super().get_form_kwargs(index) | {"empty_permitted": False}


PhaseRows = forms.formset_factory(PhaseForm, formset=_Rows, extra=2, max_num=50)
