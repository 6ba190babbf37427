"""Who may do what at the addresses that are answered beside Django: uploads by tus, and the workers' channel.

A session opens nothing on the workers' channel, which goes by tokens and keys; whoever holds a signed address may read
one blob, or write one output of an attempt that is open.
"""

from tests.access.table import Section

UPLOADS = Section(
    others="",
    lines="""
#                        anonymous stranger owner teammate neighbour organizer staff steward root
OPTIONS /uploads/                  204
OPTIONS /uploads/{upload}/         204
HEAD    /uploads/{upload}/         401 404 200 404 404 404 404 404 404
HEAD    /uploads/{finished}/       401 404 200 404 404 404 404 404 404
HEAD    /uploads/{drafted}/        401 404 404 404 404 200 404 404 404
HEAD    /uploads/{nobody}/         401 404 404 404 404 404 404 404 404
DELETE  /uploads/{finished}/       401 404 409 404 404 404 404 404 404
DELETE  /uploads/{nobody}/         401 404 404 404 404 404 404 404 404
PATCH   /uploads/{nobody}/         401 404 404 404 404 404 404 404 404
PATCH   /uploads/{upload}/         401 404 204! 404 404 404 404 404 404
DELETE  /uploads/{upload}/         401 404 204! 404 404 404 404 404 404
PATCH   /uploads/{drafted}/        401 404 404 404 404 204! 404 404 404
DELETE  /uploads/{drafted}/        401 404 404 404 404 204! 404 404 404
POST    /uploads/                  401 201! 201! 201! 201! 201! 201! 201! 201!
""",
)

WORKERS = Section(
    others="405",
    lines="""
GET  /api/worker/terms                              200
HEAD /api/worker/terms                              405
POST /api/worker/hello                              403
POST /api/worker/claim                              409
POST /api/worker/attempts/{training}/1/heartbeat    410
POST /api/worker/attempts/{training}/1/report       410
POST /api/worker/attempts/{nobody}/1/heartbeat      410
PUT  /api/worker/outputs/{slot}                     410
""",
)

NOT_SIGNED = Section(others="403", lines="PUT /api/worker/outputs/{forged} 403")
NOWHERE = Section(others="404", lines="GET /api/worker/nothing 404")

BLOBS = Section(
    others="405",
    lines="""
GET  /blobs/{blob}      200
GET  /blobs/{forged}    403
GET  /blobs/{no_blob}   404
GET  /blobs/{slot}      403
HEAD /blobs/{blob}      405
HEAD /blobs/{forged}    405
HEAD /blobs/{no_blob}   405
HEAD /blobs/{slot}      405
""",
)

BESIDE = (UPLOADS, WORKERS, NOT_SIGNED, NOWHERE, BLOBS)
