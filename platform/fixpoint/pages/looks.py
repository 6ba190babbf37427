"""Every state's word, colour and icon: the same wherever it is shown."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Look:
    """`tone` is a class of the style sheet, `icon` a symbol of the sprite."""

    word: str | Promise
    tone: str
    icon: str


LOOKS = {
    "uploading": Look(_("Uploading"), "busy", "upload"),
    "inspecting": Look(_("Inspecting"), "busy", "search"),
    "ingesting": Look(_("Reading images"), "busy", "images"),
    "accepted": Look(_("Accepted"), "good", "check"),
    "refused": Look(_("Refused"), "bad", "cross"),
    "expired": Look(_("Expired"), "", "hourglass"),
    "queued": Look(_("Queued"), "", "clock"),
    "training": Look(_("Training"), "busy", "pulse"),
    "predicting": Look(_("Predicting"), "busy", "target"),
    "scored": Look(_("Scored"), "good", "check"),
    "failed": Look(_("Failed"), "bad", "cross"),
    "error": Look(_("Error"), "warn", "alert"),
    "cancelled": Look(pgettext_lazy("entry", "Cancelled"), "", "stop"),
    "dataset cancelled": Look(_("Cancelled"), "", "stop"),
    "draft": Look(_("Draft"), "warn", "hourglass"),
    "preparing": Look(_("Preparing"), "busy", "images"),
    "upcoming": Look(_("Upcoming"), "", "clock"),
    "open": Look(_("Open"), "good", "door"),
    "working": Look(_("Working"), "busy", "pulse"),
    "idle": Look(_("Idle"), "good", "check"),
    "draining": Look(_("Draining"), "warn", "hourglass"),
    "drained": Look(_("Drained"), "warn", "stop"),
    "silent": Look(_("Silent"), "bad", "alert"),
    "paused": Look(_("Paused"), "warn", "hourglass"),
    "closed": Look(_("Closed"), "", "stop"),
    "archived": Look(_("Archived"), "warn", "stop"),
}
