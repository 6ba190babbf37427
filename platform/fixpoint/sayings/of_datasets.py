"""What is kept with a dataset or with a task's material: reasons and the changes of its state."""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("Refused for 1 reason: each is listed with what to do."),
    _("Refused for %(count)s reasons: each is listed with what to do."),
    _("Its images could not be read, which is our fault: there may be more."),
    _("This is our fault, not your data's: reading it failed three times. The organizers can see why."),
    _("cancelled on request"),
    _("every image was read"),
    _("refused by the directory of the zip; its images are read for what else there is"),
    _("the directory of the zip is in order"),
    _("deleted on request"),
    _("given up %(days)s days after it was deleted"),
    _("not entered for %(days)s days"),
    _("restored"),
    _("None of %(count)s tries came to its end."),
    _("The manifest %(sha256)s is not in the store."),
    _("The manifest %(sha256)s is of another shape: %(error)s"),
    _("The looks %(sha256)s cannot be read: %(error)s"),
    _("The looks %(sha256)s are not of %(images)s images."),
    _("The recipe '%(recipe)s' was retired on %(day)s: %(why)s"),
    _("The recipe '%(recipe)s' of the digest %(digest)s is not installed here any more."),
    _("The training was rewritten to run faster: the same arithmetic in another order, so other bits."),
    _("%(images)s of %(expected)s hidden images were packed."),
    _("packed"),
    _("another zip was handed in"),
    _("Its zip is lost."),
    _(
        "With it your datasets and unfinished uploads would take %(size)s of the %(limit)s that %(scope)s. "
        "Delete datasets that you no longer need, each on its own page or from My logbook (/me/), or discard "
        "unfinished uploads (/uploads/). If scores rest on all of them, ask the organizers for more room."
    ),
    _(
        "Datasets that you deleted still take %(size)s, as they can be restored, and with it all that is yours "
        "would take more than twice the %(limit)s that %(scope)s."
    ),
    _("a person may keep in %(task)s"),
    _("a person may keep here"),
    _("They are kept for ever here: ask the organizers."),
    _("The first of them goes on %(day)s."),
)
