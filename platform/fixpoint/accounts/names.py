"""Names that people may take: Django's rule, and none that stands for somebody who is gone."""

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

GONE = "deleted-"
"""What the name of an erased account begins with."""
VALIDATORS = [
    UnicodeUsernameValidator(),
    RegexValidator(
        rf"(?i)^{GONE}", _("This name is kept for people who have left. Choose another."), inverse_match=True
    ),
]
