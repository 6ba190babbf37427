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

FACTORS = Section(
    others="in 405 405 405 405 405 405 405 405",
    lines="""
GET,OPTIONS          /accounts/2fa/                            in 200 200 200 200 200 200 200 200
GET                  /accounts/2fa/recovery-codes/             in 404 404 404 404 404 404 404 404
OPTIONS              /accounts/2fa/recovery-codes/             in 200 200 200 200 200 200 200 200
""",
)
LATELY = Section(
    others="in 302 302 302 302 302 302 302 302",
    lines="""
GET /accounts/2fa/totp/activate/              in 302 302 302 302 302 302 302 302
GET /accounts/2fa/recovery-codes/generate/    in 302 302 302 302 302 302 302 302
GET /accounts/2fa/reauthenticate/             in 302 302 302 302 302 302 302 302
""",
)
"""The password is asked again first, as these sessions say of nobody that it was given lately."""

FACTORLESS = Section(
    others="in 404 404 404 404 404 404 404 404",
    lines="""
GET     /accounts/2fa/totp/deactivate/            in 404 404 404 404 404 404 404 404
GET     /accounts/2fa/recovery-codes/download/    in 404 404 404 404 404 404 404 404
""",
)
STEP = Section(
    others="in 302 302 302 302 302 302 302 302",
    lines="GET /accounts/2fa/authenticate/ in 302 302 302 302 302 302 302 302",
)
"""Between the password and the second factor; nobody here is on the way."""

IDENTITIES = Section(
    others="in 405 405 405 405 405 405 405 405",
    lines="""
GET,POST,PUT,OPTIONS /accounts/3rdparty/          in 200 200 200 200 200 200 200 200
""",
)
BROKEN_OFF = Section(
    others="405",
    lines="""
GET,OPTIONS /accounts/3rdparty/login/cancelled/    200
GET         /accounts/3rdparty/login/error/        401
OPTIONS     /accounts/3rdparty/login/error/        200
""",
)
HALF_WAY = Section(others="in", lines="GET /accounts/3rdparty/signup/ in")
NO_PROVIDER = Section(
    others="404",
    lines="""
GET /accounts/oidc/oidc/login/             404
GET /accounts/oidc/oidc/login/callback/    404
""",
)
"""Where no identity provider is set; what one does is tested in tests/accounts."""
ELSEWHERE = Section(
    others="301",
    lines="""
GET /accounts/social/connections/          301
GET /accounts/social/login/cancelled/      301
GET /accounts/social/login/error/          301
GET /accounts/social/signup/               301
""",
)
"""allauth's addresses of before."""

KEYS = Section(others="200", lines="GET /accounts/password/reset/key/1-no-such-key/ 200")

FACTOR_PAGES = (FACTORS, LATELY, FACTORLESS, STEP)
IDENTITY_PAGES = (IDENTITIES, BROKEN_OFF, HALF_WAY, NO_PROVIDER, ELSEWHERE)
SIGNING_IN = (PAGES, GUESTS, OWN, NOT_OURS, *FACTOR_PAGES, *IDENTITY_PAGES, KEYS)
