"""Every kind of finding: how grave it is, what it means, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Severity(StrEnum):
    """How much a finding matters, gravest first."""

    WRONG = "wrong"
    DOUBTFUL = "doubtful"
    NOTE = "note"


@dataclass(frozen=True)
class Kind:
    """One kind; `title` stands behind a count, `says` tells when it is found."""

    code: str
    severity: Severity
    title: str | Promise
    says: str | Promise
    remedy: str | Promise


KINDS = (
    Kind(
        "contradiction", Severity.WRONG, _("The same picture under two labels"),
        _("These files have the same pixels, and stand in different classes: at most one of them can be right."),
        _("Decide which class it is and remove the others."),
    ),
    Kind(
        "against-book", Severity.WRONG, _("Another label than in the label book"),
        _("These pictures stand in the organizers' label book pixel for pixel, under another class."),
        _("Give them the label book's class."),
    ),
    Kind(
        "leakage", Severity.WRONG, _("The same picture in train and in val"),
        _("These files have the same pixels. What the model has learned by heart says nothing about what it can do: "
          "the epoch that is kept is chosen on val."),
        _("Keep each picture in one split only."),
    ),
    Kind(
        "blank", Severity.DOUBTFUL, _("Blank pictures"),
        _("Reduced to 16 × 16 grey pixels they differ by less than 2 of 255 steps: there is nothing to see."),
        _("Remove them, unless an empty picture is what the class means."),
    ),
    Kind(
        "near-contradiction", Severity.DOUBTFUL, _("Nearly the same picture under two labels"),
        _("These pictures are alike, and stand in different classes."),
        _("Look at each pair: often one of the labels is wrong."),
    ),
    Kind(
        "near-leakage", Severity.DOUBTFUL, _("Nearly the same picture in train and in val"),
        _("Versions of one picture stand in both splits, so val judges what was as good as learned."),
        _("Keep all versions of a picture in one split."),
    ),
    Kind(
        "in-book", Severity.DOUBTFUL, _("Pictures of the label book"),
        _("These pictures stand in the organizers' label book pixel for pixel, under the same class."),
        _("Nothing is wrong with them; know that they are not your own."),
    ),
    Kind(
        "duplicates", Severity.DOUBTFUL, _("The same picture several times"),
        _("These files have the same pixels, the same split and the same class: training sees the picture that often."),
        _("Keep one of each, unless you mean to give it more weight."),
    ),
    Kind(
        "near-duplicates", Severity.NOTE, _("Nearly the same picture several times"),
        _("Versions of one picture in the same split and class, as augmentation makes them."),
        _("Nothing, if you made them on purpose; they take room that other pictures could have."),
    ),
    Kind(
        "near-book", Severity.NOTE, _("Nearly a picture of the label book"),
        _("These pictures are versions of one in the organizers' label book."),
        _("Nothing is wrong with them."),
    ),
    Kind(
        "unlike", Severity.NOTE, _("Unlike the rest"),
        _("Their five nearest pictures are farther away than is usual here (above the third quartile by more than 1.5 "
          "times the distance between the quartiles)."),
        _("Look at them: some will be cropped, turned, or not of this collection at all."),
    ),
    Kind(
        "tiny", Severity.NOTE, _("Smaller than what the model sees"),
        _("One side is shorter than the model's input: it is enlarged, and shows less than the model could see."),
        _("Use the original, if there is a larger one."),
    ),
    Kind(
        "aspect", Severity.NOTE, _("Long and narrow"),
        _("One side is more than three times the other. The model sees a square: what is long is squeezed."),
        _("Pad or crop the picture towards a square."),
    ),
)  # fmt: skip

BY_CODE = {kind.code: kind for kind in KINDS}
