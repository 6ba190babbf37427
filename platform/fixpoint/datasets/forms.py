"""What a person hands in: a zip and a name for it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fixpoint.tasks.models import Task


class UploadForm(forms.Form):
    """`name` tells one's own versions apart; what is in the file is judged after it has arrived."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("For yourself: what changed in the data? For example “relabelled iv and vi”."),
    )
    file = forms.FileField(label=_("Zip of train and val"))
    enters = forms.BooleanField(
        required=False,
        label=_("Enter it as soon as it is accepted"),
        help_text=_("This uses one of your entries, and saves waiting for the images to be read."),
    )

    def __init__(self, *args: object, task: Task, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["file"].widget.attrs.update(
            {"accept": ".zip,application/zip", "data-limit": str(task.max_archive_bytes)}
        )
