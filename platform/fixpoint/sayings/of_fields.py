"""What pydantic finds wrong in a field of a task's bundle or in the wizard's."""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("Input should be a valid integer"),
    _("Input should be a valid integer, unable to parse string as an integer"),
    _("Input should be a valid integer, got a number with a fractional part"),
    _("Input should be a valid number"),
    _("Input should be a valid number, unable to parse string as a number"),
    _("Input should be a finite number"),
    _("Input should be a valid boolean"),
    _("Input should be a valid boolean, unable to interpret input"),
    _("Input should be a valid list"),
    _("Input should be a valid tuple"),
    _("Input should be a valid dictionary or instance of %(name)s"),
    _("Input should be greater than or equal to %(least)s"),
    _("Input should be less than or equal to %(most)s"),
    _("Input should be greater than %(least)s"),
    _("Input should be less than %(most)s"),
    _("Input should be '%(choices)s"),
    _("String should have at least %(least)s character"),
    _("String should have at least %(least)s characters"),
    _("String should have at most %(most)s characters"),
    _("Tuple should have at least %(least)s items after validation, not %(found)s"),
    _("Tuple should have at most %(most)s items after validation, not %(found)s"),
    _("Input should have timezone info"),
)
