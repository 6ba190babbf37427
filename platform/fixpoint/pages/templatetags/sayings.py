"""`said`: what was kept as an English sentence, in the reader's language. Every template knows it."""

from django import template

from fixpoint.sayings.saying import said

register = template.Library()
register.filter("said", said, is_safe=False)
