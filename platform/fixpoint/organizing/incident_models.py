"""Incidents of the site: what did not work, since when, and what was said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class Incident(models.Model):
    """Something that people notice and that the platform's own figures do not say; open until it has ended."""

    title = models.CharField(_("title"), max_length=120)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True, help_text="Written by mistake: shown to organizers alone.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    if TYPE_CHECKING:
        updates: RelatedManager[IncidentUpdate]

    class Meta:
        ordering = ("-began_at", "-pk")
        indexes = [models.Index(fields=["-began_at"], condition=models.Q(ended_at=None), name="incidents_open")]

    def __str__(self) -> str:
        return self.title


class IncidentUpdate(models.Model):
    """What was said of it at one moment; it is added and never changed."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="updates")
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(_("text"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_ahead(self) -> bool:
        """Whether it was said of work that is planned, before that begins."""
        return self.at < self.incident.began_at

    @property
    def ends(self) -> bool:
        """Whether the incident was over with it, or before it."""
        return self.incident.ended_at is not None and self.at >= self.incident.ended_at
