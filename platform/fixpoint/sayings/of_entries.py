"""What is kept with an entry or a frozen board: reasons, decisions and the changes of its state."""

from django.utils.translation import gettext_noop as _

CANCELLED_WAITING = _("Cancelled by %(who)s before it started: not charged.")
CANCELLED_CHARGED = _("Cancelled by %(who)s after it started: charged.")
CANCELLED_FREE = _("Cancelled by %(who)s.")
"""What takes nothing of a quota, after it started."""
CANCELLED = (CANCELLED_WAITING, CANCELLED_CHARGED, CANCELLED_FREE)
"""The reasons that name who cancelled."""
SENTENCES = (
    _("The run failed three times: our fault, not your data's. It was not charged, and organizers can see why."),
    _("The entry was not charged."),
    *CANCELLED,
    _("Its task was archived: not charged. %(why)s"),  # organizing/archiving.py
    _("entered"),
    _("started by %(worker)s"),
    _("trained"),
    _("scored"),
    _("chosen for the board"),
    _("not chosen any more"),
    _("not chosen any more: two teams became one"),
    _("withdrawn by its team"),
    _("restored by its team"),
    _("disqualified: %(words)s"),
    _("restored: %(words)s"),
    _("Other seeds were trained than %(seeds)s."),
    _("The logits are no safetensors file: %(error)s"),
    _("Expected float32 %(wanted)s logits, found %(found)s."),
    _("The logits are not all finite."),
    _(
        "Its run took %(ratio)s times the CPU-seconds of its work, out of the band of this kind of host "
        "(%(low)s to %(high)s)."
    ),
    # leaderboard/freezing.py
    _("The task was closed."),
    _("1 more entry changed."),
    _("%(count)s more entries changed."),
    _("The rules by which it is ranked were changed."),
    _("The entry of %(team)s of %(day)s was withdrawn by its team."),
    _("The entry of %(team)s of %(day)s was disqualified: %(words)s."),
    _("The entry of %(team)s of %(day)s was restored: %(words)s."),
    _(
        "The entry of %(team)s of %(day)s was run again: its measured energy is now the median of %(runs)s runs; "
        "places stay."
    ),
    _("The entry of %(team)s of %(day)s changed."),
    # organizing/awarding.py
    _("chosen by the organizers"),
    _("accuracy %(share)s"),
    _("%(grams)s g of CO₂, standardised"),
    _("mean of 1 vote: %(mean)s of 5"),
    _("mean of %(votes)s votes: %(mean)s of 5"),
    # submissions/acceptance.py, services.py: why a dataset was not entered on its acceptance
    _("The platform could not enter it: our fault, not your data's. Please enter it yourself."),
    _("This task takes no entries any more; those it has stand."),
    _("Only the person who uploaded a dataset and their team can enter it."),
    _("This dataset was deleted. Restore it, then enter it."),
    _("This task is private, and you are not among its participants any more."),
    _("This task is a draft: it takes baselines and references alone. Publish it first."),
    _("This task opens on %(opens_at)s UTC."),
    _("The organizers have paused this task: %(words)s Your dataset is kept; enter it later."),
    _("The organizers have paused this task. Your dataset is kept; enter it later."),
    _("The last phase of this task has ended: it takes no entries any more."),
    _(
        "This task takes entries in its phases alone: the next, %(name)s, begins on %(begins_at)s UTC. Your dataset "
        "is kept; enter it then."
    ),
    _("This task takes no entries now."),
    _("Only who runs this task enters a baseline: enter it as an entry of your own."),
    _("Only who runs this task enters a reference: enter it as an entry of your own."),
    _("Seeds are 1 to %(most)s different whole numbers from 0 on, of 31 bits at most."),
)
COUNTED = (
    (
        "%(total)s entry of the phase %(phase)s is all that there is, and it is used.",
        "All %(total)s entries of the phase %(phase)s are used.",
        "total",
    ),
    (
        "%(total)s entry is all that this task allows, and it is used.",
        "All %(total)s entries of this task are used.",
        "total",
    ),
    (
        "%(count)s entry in 24 hours is used; the next is free at %(at)s UTC.",
        "%(count)s entries in 24 hours are used; the next is free at %(at)s UTC.",
        "count",
    ),
    (
        "%(count)s entry in 7 days is used; the next is free at %(at)s UTC.",
        "%(count)s entries in 7 days are used; the next is free at %(at)s UTC.",
        "count",
    ),
    (
        (
            "%(count)s of your entries waits or runs; this task takes %(most)s at a time. Enter this one when one of "
            "them has ended."
        ),
        (
            "%(count)s of your entries wait or run; this task takes %(most)s at a time. Enter this one when one of "
            "them has ended."
        ),
        "count",
    ),
)
