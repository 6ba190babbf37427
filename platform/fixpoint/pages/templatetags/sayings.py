"""`said`: what was kept as an English sentence, in the reader's language; `reasons`: each of several. Known to all."""

from django import template

from fixpoint.sayings.saying import said, said_each

register = template.Library()
register.filter("said", said, is_safe=False)
register.filter("reasons", said_each, is_safe=False)
