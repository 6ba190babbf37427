"""What ends a phase of a run, as workers report it."""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    # worker/fault.py
    _("%(phase)s took longer than the %(allowed)s that this task allows (ended after %(used)s)."),
    _("%(phase)s needed more than the %(allowed)s of memory that this task allows (ended at %(used)s)."),
    _("%(phase)s wrote more than the %(allowed)s that this task allows (ended at %(used)s)."),
    _("Fewer or smaller images are read faster."),
    _("Images of fewer pixels need less memory."),
    _("Fewer images take less room."),
    _("Fewer images train faster."),
    _("Fewer images need less memory."),
    _("Reading the archive"),
    _("Training on this dataset"),
    _("Predicting the hidden images"),
    _("%(phase)s ended unexpectedly with status %(status)s."),
    _("The worker has no room left on its disk."),
    # worker/pipeline.py, attempt.py
    _("The sandbox could not do its part."),
    _("The worker met an error of its own (%(error)s)."),
    _("This worker does not hold the recipe %(recipe)s that the task pins."),
    # fixed_model/faults.py
    _("This cannot be done: %(error)s."),
    _("There is nothing to learn from: %(why)s."),
    _("the dataset has no %(split)s images"),
    _("The training diverged: the loss was no longer a number in epoch %(epoch)s."),
    _("The packed images cannot be used: %(error)s."),
    _("The weights cannot be used: %(error)s."),
    _("The machine had no more memory to give; the data did nothing wrong."),
    _("The machine had no more room on its disk; the data did nothing wrong."),
    # dispatch
    _("The worker %(worker)s fell silent."),
    _("The worker failed."),
    _("The worker gave no reason."),
    _("The platform could not take in what the worker reported."),
    _("The platform could not say what is to be done."),
    _("The try before failed on this worker: another is asked first."),
    _("This worker is drained."),
    _("The platform speaks contract %(ours)s, the worker %(theirs)s: update the older."),
    _("The queue %(queue)s is for workers of another device: see FIXPOINT_QUEUES."),
    _("Recipe %(recipe)s: the platform has %(ours)s, the worker %(theirs)s."),
)
