"""The only thing of a board that is written down: the standings of a closed task, revision by revision."""

from django.db import models

from fixpoint.tasks.models import Task


class Revision(models.Model):
    """What stood when it was written. Never changed, but for the note up to where it is known to hold.

    `body`: the document as it is told and signed (docs/provenance.md); `signed`: the same as a JWS; `key`: the public
    half of the key that signed it, as a JWK. `fingerprint` is of the standings alone, without number, time and names.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    why = models.TextField()
    who = models.CharField(max_length=150)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    signed = models.TextField()
    key = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    board_number = models.PositiveBigIntegerField(help_text="Up to this number of the board's changes it holds.")

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="one_revision_per_number")]

    def __str__(self) -> str:
        return f"{self.task}: revision {self.number}"
