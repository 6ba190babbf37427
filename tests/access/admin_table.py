"""Who may do what in Django's admin: read for organizers who may enter, accounts for superusers, nothing for others.

Datasets and entries are shown there and never changed, not even by a superuser: a state is moved by services alone.
The admin takes other methods for GET; none of them changes anything.
"""

from tests.access.table import Section

DOOR = Section(
    others="in 403 403 403 403 403 200 200 200",
    lines="""
#                         anonymous stranger owner teammate neighbour organizer staff steward root
GET     /admin/login/              in 403 403 403 403 403 302 302 302
HEAD    /admin/login/              in 403 403 403 403 403 200 200 200
PATCH,DELETE /admin/login/         in 403 403 403 403 403 405 405 405
""",
)

HALL = Section(
    others="door door door door door door 405 405 405",
    lines="""
GET,POST,PUT,PATCH,DELETE,OPTIONS /admin/ door door door door door door 200 200 200
GET,POST,PUT,OPTIONS /admin/password_change/ door door door door door door 200 200 200
GET,OPTIONS /admin/password_change/done/ door door door door door door 200 200 200
GET /admin/autocomplete/ door door door door door door 403 403 403
OPTIONS /admin/autocomplete/ door door door door door door 200 200 200
GET,OPTIONS /admin/jsi18n/ door door door door door door 200 200 200
POST,OPTIONS /admin/logout/ 302 302 302 302 302 302 200 200 200
GET,PUT,PATCH,DELETE /admin/logout/ 302 302 302 302 302 302 405 405 405
""",
)

NOTHING = Section(
    others="door door door door door door 404 404 404",
    lines="""
GET /admin/nothing/    door door door door door door 404 404 404
GET /admin/r/1/1/      door door door door door door 404 404 404
""",
)

ACCOUNTS = Section(
    others="door door door door door door 403 403 200",
    lines="""
GET /admin/auth/group/                              door door door door door door 403 403 200
GET /admin/auth/group/add/                          door door door door door door 403 403 200
GET /admin/auth/group/{group}/history/              door door door door door door 403 403 200
GET /admin/auth/group/{group}/delete/               door door door door door door 403 403 200
GET /admin/auth/group/{group}/change/               door door door door door door 403 403 200
GET /admin/account/emailaddress/                    door door door door door door 403 403 200
GET /admin/account/emailaddress/add/                door door door door door door 403 403 200
GET /admin/account/emailaddress/{address}/history/  door door door door door door 403 403 200
GET /admin/account/emailaddress/{address}/delete/   door door door door door door 403 403 200
GET /admin/account/emailaddress/{address}/change/   door door door door door door 403 403 200
GET /admin/accounts/user/                           door door door door door door 403 403 200
GET /admin/accounts/user/add/                       door door door door door door 403 403 200
GET /admin/accounts/user/{owner_id}/password/       door door door door door door 403 403 200
GET /admin/accounts/user/{owner_id}/history/        door door door door door door 403 403 200
GET /admin/accounts/user/{owner_id}/delete/         door door door door door door 403 403 200
GET /admin/accounts/user/{owner_id}/change/         door door door door door door 403 403 200
GET /admin/mfa/authenticator/                       door door door door door door 403 403 200
GET /admin/mfa/authenticator/add/                   door door door door door door 403 403 200
GET /admin/mfa/authenticator/{factor}/history/      door door door door door door 403 403 200
GET /admin/mfa/authenticator/{factor}/delete/       door door door door door door 403 403 200
GET /admin/mfa/authenticator/{factor}/change/       door door door door door door 403 403 200
GET /admin/socialaccount/socialaccount/             door door door door door door 403 403 200
GET /admin/socialaccount/socialaccount/add/         door door door door door door 403 403 200
GET /admin/socialaccount/socialaccount/{identity}/history/ door door door door door door 403 403 200
GET /admin/socialaccount/socialaccount/{identity}/delete/ door door door door door door 403 403 200
GET /admin/socialaccount/socialaccount/{identity}/change/ door door door door door door 403 403 200
""",
)

ACCOUNTS_LISTED = Section(
    others="door door door door door door 404 404 200",
    lines="""
GET /admin/auth/      door door door door door door 404 404 200
GET /admin/account/   door door door door door door 404 404 200
GET /admin/accounts/  door door door door door door 404 404 200
GET /admin/mfa/       door door door door door door 404 404 200
GET /admin/socialaccount/ door door door door door door 404 404 200
""",
)

THINGS = Section(
    others="door door door door door door 403 200 200",
    lines="""
GET  /admin/datasets/dataset/                           door door door door door door 403 200 200
GET  /admin/datasets/dataset/{accepted}/history/        door door door door door door 403 200 200
GET  /admin/datasets/dataset/{accepted}/change/         door door door door door door 403 200 200
POST /admin/datasets/dataset/{accepted}/change/         door door door door door door 403 403 403
GET  /admin/submissions/submission/                     door door door door door door 403 200 200
GET  /admin/submissions/submission/{training}/history/  door door door door door door 403 200 200
GET  /admin/submissions/submission/{training}/change/   door door door door door door 403 200 200
POST /admin/submissions/submission/{training}/change/   door door door door door door 403 403 403
""",
)

NEVER = Section(
    others="door door door door door door 403 403 403",
    lines="""
GET /admin/datasets/dataset/add/                        door door door door door door 403 403 403
GET /admin/datasets/dataset/{accepted}/delete/          door door door door door door 403 403 403
GET /admin/submissions/submission/add/                  door door door door door door 403 403 403
GET /admin/submissions/submission/{training}/delete/    door door door door door door 403 403 403
""",
)

THINGS_LISTED = Section(
    others="door door door door door door 404 200 200",
    lines="""
GET /admin/datasets/     door door door door door door 404 200 200
GET /admin/submissions/  door door door door door door 404 200 200
""",
)

ONWARD = Section(
    others="door door door door door door 302 302 302",
    lines="""
GET /admin/auth/group/{group}/               door door door door door door 302 302 302
GET /admin/account/emailaddress/{address}/   door door door door door door 302 302 302
GET /admin/accounts/user/{owner_id}/         door door door door door door 302 302 302
GET /admin/datasets/dataset/{accepted}/      door door door door door door 302 302 302
GET /admin/submissions/submission/{training}/ door door door door door door 302 302 302
GET /admin/mfa/authenticator/{factor}/       door door door door door door 302 302 302
GET /admin/socialaccount/socialaccount/{identity}/ door door door door door door 302 302 302
""",
)
"""Short for `…/change/`, whether or not there is such a thing."""

ADMIN = (DOOR, HALL, NOTHING, ACCOUNTS, ACCOUNTS_LISTED, THINGS, NEVER, THINGS_LISTED, ONWARD)
