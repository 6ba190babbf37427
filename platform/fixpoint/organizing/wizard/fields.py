"""Fields of the wizard's forms that are written as people write them, and kept as JSON keeps them."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from fixpoint.tasks.draft_files import UnreadableZipError, expect_zip

MOMENT = "%Y-%m-%dT%H:%M"
"""As browsers send a local date and time, and as drafts keep them: in the task's own zone."""


class LinesField(forms.CharField):
    """A list, an item a line; empty lines do not count."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def prepare_value(self, value: object) -> object:
        """A list as its lines."""
        return "\n".join(str(each) for each in value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """The lines as a list."""
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


class MomentField(forms.CharField):
    """A date and a time in the task's zone, as text to the minute; "" for none."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        """As MOMENT; a date alone is its midnight."""
        text = str(value or "").strip().replace(" ", "T")[:16]
        if not text:
            return ""
        try:
            return datetime.fromisoformat(text).strftime(MOMENT)
        except ValueError as error:
            raise forms.ValidationError(_("Write it as 2026-12-31 23:59.")) from error


class ZipField(forms.FileField):
    """A file that is looked at before it is kept: a zip whose directory can be read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file as it came."""
        found = super().clean(data, initial)
        if isinstance(found, UploadedFile):
            path = getattr(found, "temporary_file_path", lambda: "")()
            try:
                expect_zip(Path(path), str(found.name))
            except UnreadableZipError as error:
                raise forms.ValidationError(str(error)) from error
        return found
