"""Who may do what at the pages by which people sign in and keep their accounts: allauth's, each about oneself alone.

No line changes anything, as forms are sent empty here. What a filled one does is tested in tests/accounts.
"""

from tests.access.table import Section

PAGES = Section(
    others="405",
    lines="""
#                                       anonymous stranger owner teammate neighbour organizer staff steward root
GET,OPTIONS /accounts/inactive/                    200
GET,OPTIONS /accounts/confirm-email/               200
GET,OPTIONS /accounts/confirm-email/no-such-key/   200
POST        /accounts/confirm-email/no-such-key/   404
GET,POST,PUT,OPTIONS /accounts/password/reset/     200
GET,OPTIONS /accounts/password/reset/done/         200
GET,OPTIONS /accounts/password/reset/key/done/     200
GET         /accounts/logout/                      302 200 200 200 200 200 200 200 200
POST        /accounts/logout/                      302
OPTIONS     /accounts/logout/                      200
""",
)

GUESTS = Section(
    others="405 302 302 302 302 302 302 302 302",
    lines="""
GET,POST,PUT,OPTIONS /accounts/login/              200 302 302 302 302 302 302 302 302
GET,POST,PUT,OPTIONS /accounts/signup/             200 302 302 302 302 302 302 302 302
""",
)

OWN = Section(
    others="in 405 405 405 405 405 405 405 405",
    lines="""
GET,POST,PUT,OPTIONS /accounts/reauthenticate/     in 200 200 200 200 200 200 200 200
GET,OPTIONS          /accounts/email/              in 200 200 200 200 200 200 200 200
POST,PUT             /accounts/email/              in 302 302 302 302 302 302 302 302
GET,POST,PUT,OPTIONS /accounts/password/change/    in 200 200 200 200 200 200 200 200
""",
)

NOT_OURS = Section(
    others="in 302 302 302 302 302 302 302 302",
    lines="""
GET /accounts/password/set/                        in 302 302 302 302 302 302 302 302
GET /accounts/login/code/confirm/                  in 302 302 302 302 302 302 302 302
""",
)
"""Whoever has a password is led to changing it; signing in by a code is not begun anywhere."""

KEYS = Section(others="200", lines="GET /accounts/password/reset/key/1-no-such-key/ 200")

SIGNING_IN = (PAGES, GUESTS, OWN, NOT_OURS, KEYS)
