"""Who may do what at the site's own pages.

Public is what a viewer needs: tasks that are open, to come or over, their starter data, the board (name, place,
accuracy, grams, images, when) and of a scored entry the figures by which it can be checked. Everything else of a
participant is for themselves and the organizers, and is not there (404, not 403) for anybody else; an upload that is
under way is its owner's alone. A task that is not ready is there for organizers only.

Columns, in this order: anonymous stranger owner teammate neighbour organizer staff steward root.
`teammate` is in the owner's team: looks at its datasets and entries, enters, cancels, chooses and withdraws as the
owner may; a dataset is stopped, deleted and restored by its owner alone, and an upload is nobody else's. `neighbour` is
an organizer whom another task names ({theirs}), and a stranger in all others, which name `organizer` and `steward`.
`staff` may enter the admin and has no right there; `steward` is an organizer who may; `root` is a superuser.
"""

from tests.access.organizing_table import ORGANIZING
from tests.access.table import Section

PUBLIC = Section(
    others="405",
    lines="""
#                                            anonymous stranger owner teammate neighbour organizer staff steward root
GET /                                       200
GET /status/                                200
GET /favicon.ico                            302
GET /robots.txt                             200
GET /language/                              200
GET /language/?next=/status/                200
POST /language/keep/                        302
GET /status/feed.xml                        200
GET /status/live/                           200
GET /emissions/                             200
GET /tasks/{open}/                          200
GET /tasks/{upcoming}/                      200
GET /tasks/{closed}/                        200
GET /tasks/{draft}/                         404 404 404 404 404 200 404 200 200
GET /tasks/{unpublished}/                   404 404 404 404 404 200 404 200 200
GET /tasks/{unpublished}/board/             404 404 404 404 404 200 404 200 200
GET /tasks/{archived}/                      404 404 404 404 404 200 404 200 200
GET /tasks/{archived}/board/                404 404 404 404 404 200 404 200 200
GET /tasks/{archived}/board.json            404 404 404 404 404 200 404 200 200
GET /tasks/{unpublished}/kit.zip            404 404 404 404 404 200 404 200 200
GET /tasks/{open}/kit.zip                   200
GET /tasks/{broken}/                        404 404 404 404 404 200 404 200 200
GET /tasks/{theirs}/                        404 404 404 404 200 404 404 404 200
GET /tasks/{theirs}/board/                  404 404 404 404 200 404 404 404 200
GET /tasks/{theirs}/board.json              404 404 404 404 200 404 404 404 200
GET /tasks/none-of-them/                    404
GET /tasks/{open}/board/                    200
GET /tasks/{open}/board/?order=emissions    200
GET /tasks/{open}/board/?order=measured     200
GET /tasks/{upcoming}/board/                200
GET /tasks/{closed}/board/                  200
GET /tasks/{draft}/board/                   404 404 404 404 404 200 404 200 200
GET /tasks/{broken}/board/                  404 404 404 404 404 200 404 200 200
GET /tasks/{open}/board/?page=2             404
GET /tasks/{open}/board/?page=none          404
GET /tasks/{open}/board.json                200
GET /tasks/{open}/board.json?page=2         404
GET /tasks/{upcoming}/board.json            200
GET /tasks/{closed}/board.json              200
GET /tasks/{draft}/board.json               404 404 404 404 404 200 404 200 200
GET /tasks/{broken}/board.json              404 404 404 404 404 200 404 200 200
GET /tasks/none-of-them/board.json          404
GET /tasks/{open}/label-book.png            200
GET /tasks/{open}/label-book/               200
GET /tasks/{open}/label-book/?class=none    404
GET /tasks/{upcoming}/label-book/           404
GET /tasks/{draft}/label-book/              404 404 404 404 404 200 404 200 200
GET /tasks/{open}/label-book/0.jpg          200
GET /tasks/{open}/label-book/99.jpg         404
GET /tasks/{draft}/label-book/0.jpg         404 404 404 404 404 200 404 200 200
GET /tasks/{upcoming}/label-book.png        404
GET /tasks/{draft}/label-book.png           404 404 404 404 404 200 404 200 200
GET /tasks/{open}/data.zip                  200
GET /tasks/{upcoming}/data.zip              404
GET /tasks/{draft}/data.zip                 404 404 404 404 404 200 404 200 200
GET /entries/{scored}/                      200
GET /entries/{scored}/live/                 200
GET /entries/{rivals_scored}/               200
GET /entries/{disqualified}/                200
GET /entries/{queued}/                      in 404 200 200 404 200 404 200 200
GET /entries/{training}/                    in 404 200 200 404 200 404 200 200
GET /entries/{training}/live/               in 404 200 200 404 200 404 200 200
GET /entries/{predicting}/                  in 404 200 200 404 200 404 200 200
GET /entries/{failed}/                      in 404 200 200 404 200 404 200 200
GET /entries/{error}/                       in 404 200 200 404 200 404 200 200
GET /entries/{error}/live/                  in 404 200 200 404 200 404 200 200
GET /entries/{cancelled}/             in 404 200 200 404 200 404 200 200
GET /entries/{nobody}/                      in 404 404 404 404 404 404 404 404
GET /entries/{nobody}/live/                 in 404 404 404 404 404 404 404 404
GET /entries/{scored}/events/                  200
GET /entries/{training}/events/                in 404 503 503 404 503 404 503 503
GET /entries/{failed}/events/                  in 404 200 200 404 200 404 200 200
GET /entries/{nobody}/events/                  in 404 404 404 404 404 404 404 404
GET /entries/compare/                                  in 200 200 200 200 200 200 200 200
GET /entries/compare/?a={scored}                       in 200 200 200 200 200 200 200 200
GET /entries/compare/?a={scored}&b={rivals_scored}     200
GET /entries/compare/?a={scored}&b={failed}            404 404 200 200 404 200 404 200 200
GET /entries/compare/?a={scored}&b={nobody}            404
GET /entries/compare/?a={scored}&b=none                404
GET /entries/{scored}/provenance/              200
GET /entries/{disqualified}/provenance/              200
GET /entries/{training}/provenance/              404
GET /entries/{nobody}/provenance/              404
GET /entries/{scored}/provenance.json          200
GET /entries/{disqualified}/provenance.json          200
GET /entries/{training}/provenance.json          404
GET /entries/{nobody}/provenance.json          404
GET /entries/{scored}/outcome.json             200
GET /entries/{disqualified}/outcome.json             200
GET /entries/{training}/outcome.json             404
GET /entries/{nobody}/outcome.json             404
GET /entries/{scored}/emissions.csv            200
GET /entries/{disqualified}/emissions.csv            200
GET /entries/{training}/emissions.csv            404
GET /entries/{nobody}/emissions.csv            404
GET /entries/{scored}/model-card.md            200
GET /entries/{disqualified}/model-card.md            200
GET /entries/{training}/model-card.md            404
GET /entries/{nobody}/model-card.md            404
GET /entries/{scored}/badge.svg                200
GET /entries/{disqualified}/badge.svg                200
GET /entries/{training}/badge.svg                404
GET /entries/{nobody}/badge.svg                404
GET /entries/{scored}/certificate/             200
GET /entries/{disqualified}/certificate/             200
GET /entries/{training}/certificate/             404
GET /entries/{nobody}/certificate/             404
GET /entries/{scored}/preview.png              200
GET /entries/{disqualified}/preview.png              200
GET /entries/{training}/preview.png              404
GET /entries/{nobody}/preview.png              404
GET /tasks/{open}/board/?show=mine      200
GET /tasks/{open}/board/?show=baselines 200
GET /tasks/{closed}/board/?show=late    200
GET /tasks/{draft}/board/?show=mine     404 404 404 404 404 200 404 200 200
GET /teams/{team}/                      200
GET /teams/{rivals_team}/               200
GET /teams/{nobody}/                    404
GET /tasks/{open}/board.csv            200
GET /tasks/{closed}/board.csv            200
GET /tasks/{draft}/board.csv            404 404 404 404 404 200 404 200 200
GET /tasks/{open}/emissions.csv        200
GET /tasks/{closed}/emissions.csv        200
GET /tasks/{draft}/emissions.csv        404 404 404 404 404 200 404 200 200
GET /tasks/{open}/statistics/          200
GET /tasks/{upcoming}/statistics/      200
GET /tasks/{closed}/statistics/        200
GET /tasks/{draft}/statistics/         404 404 404 404 404 200 404 200 200
GET /tasks/{archived}/statistics/      404 404 404 404 404 200 404 200 200
GET /tasks/{theirs}/statistics/        404 404 404 404 200 404 404 404 200
GET /tasks/none-of-them/statistics/    404
GET /tasks/{open}/statistics.csv       200
GET /tasks/{closed}/statistics.csv     200
GET /tasks/{draft}/statistics.csv      404 404 404 404 404 200 404 200 200
GET /tasks/{archived}/statistics.csv   404 404 404 404 404 200 404 200 200
GET /tasks/{theirs}/statistics.csv     404 404 404 404 200 404 404 404 200
GET /tasks/none-of-them/statistics.csv 404
GET /tasks/{open}/standings/           200
GET /tasks/{closed}/standings/           200
GET /tasks/{draft}/standings/           404 404 404 404 404 200 404 200 200
GET /tasks/{closed}/standings.json       200
GET /tasks/{open}/standings.json       404
GET /tasks/{draft}/standings.json       404
GET /tasks/{closed}/standings.jws.json   200
GET /tasks/{open}/standings.jws.json   404
GET /tasks/{draft}/standings.jws.json   404
GET /tasks/{closed}/board/?revision=1       200
GET /tasks/{closed}/board/?revision=2       404
GET /standings/keys.json                    200
GET /feed.xml                               200
GET /tasks/{open}/feed.xml                  200
GET /tasks/{closed}/feed.xml                200
GET /tasks/{draft}/feed.xml                 404 404 404 404 404 200 404 200 200
GET /tasks/{theirs}/feed.xml                404 404 404 404 200 404 404 404 200
GET /tasks/none-of-them/feed.xml            404
""",
)

OWN = Section(
    others="in 405 405 405 405 405 405 405 405",
    lines="""
#                                            anonymous stranger owner teammate neighbour organizer staff steward root
GET  /me/                                                    in 200 200 200 200 200 200 200 200
GET  /datasets/new/                                          in 200 200 200 200 200 200 200 200
POST /datasets/new/                                          in 302! 302! 302! 302! 302! 302! 302! 302!
GET  /datasets/new/?task={open}                              in 200 200 200 200 200 200 200 200
POST /datasets/new/?task={open}                              in 302! 302! 302! 302! 302! 302! 302! 302!
GET  /datasets/new/?task={closed}                            in 200 200 200 200 200 200 200 200
POST /datasets/new/?task={closed}                            in 200 200 200 200 200 200 200 200
GET  /datasets/new/?task={draft}                             in 404 404 404 404 200 404 200 200
POST /datasets/new/?task={draft}                             in 404 404 404 404 200 404 200 200
GET  /datasets/new/?task={theirs}                            in 404 404 404 200 404 404 404 200
POST /datasets/new/?task={theirs}                            in 404 404 404 200 404 404 404 200
GET  /datasets/{accepted}/                                   in 404 200 200 404 200 404 200 200
GET  /datasets/{refused}/                                    in 404 200 200 404 200 404 200 200
GET  /datasets/{ingesting}/                                  in 404 200 200 404 200 404 200 200
GET  /datasets/{error_dataset}/                              in 404 200 200 404 200 404 200 200
GET  /datasets/{cancelled_dataset}/                                  in 404 200 200 404 200 404 200 200
GET  /datasets/{rivals_dataset}/                             in 404 404 404 404 200 404 200 200
GET  /datasets/{nobody}/                                     in 404 404 404 404 404 404 404 404
GET  /datasets/{accepted}/live/                              in 404 200 200 404 200 404 200 200
GET  /datasets/{refused}/live/                               in 404 200 200 404 200 404 200 200
GET  /datasets/{nobody}/live/                                in 404 404 404 404 404 404 404 404
GET  /datasets/{accepted}/images/                            in 404 200 200 404 200 404 200 200
GET  /datasets/{accepted}/images/?split=val                  in 404 200 200 404 200 404 200 200
GET  /datasets/{accepted}/images/?finding=near-duplicates    in 404 200 200 404 200 404 200 200
GET  /datasets/{refused}/images/                             in 404 404 404 404 404 404 404 404
GET  /datasets/{nobody}/images/                              in 404 404 404 404 404 404 404 404
GET  /datasets/{accepted}/images.csv                         in 404 200 200 404 200 404 200 200
POST /datasets/{accepted}/images.csv                         in 404 200 200 404 200 404 200 200
GET  /datasets/{nobody}/images.csv                           in 404 404 404 404 404 404 404 404
POST /datasets/{nobody}/images.csv                           in 404 404 404 404 404 404 404 404
GET  /datasets/{accepted}/thumbnails/0.jpg                   in 404 200 200 404 200 404 200 200
GET  /datasets/{accepted}/thumbnails/16.jpg                  in 404 200 200 404 200 404 200 200
GET  /datasets/{accepted}/thumbnails/17.jpg                  in 404 404 404 404 404 404 404 404
GET  /datasets/{accepted}/thumbnails/99999999999999999999.jpg in 404 404 404 404 404 404 404 404
GET  /datasets/{rivals_dataset}/thumbnails/0.jpg             in 404 404 404 404 200 404 200 200
GET  /datasets/{refused}/thumbnails/0.jpg                    in 404 404 404 404 404 404 404 404
GET  /datasets/{nobody}/thumbnails/0.jpg                     in 404 404 404 404 404 404 404 404
GET  /datasets/{accepted}/hidden-overlap/                    in 404 404 404 404 200 404 200 200
GET  /datasets/{rivals_dataset}/hidden-overlap/              in 404 404 404 404 200 404 200 200
GET  /datasets/{nobody}/hidden-overlap/                      in 404 404 404 404 404 404 404 404
GET  /datasets/{accepted}/compare/?with={newer}              in 404 200 200 404 200 404 200 200
GET  /datasets/{accepted}/compare/?with={rivals_dataset}     in 404 404 404 404 404 404 404 404
GET  /datasets/{rivals_dataset}/compare/?with={accepted}     in 404 404 404 404 404 404 404 404
GET  /datasets/{nobody}/compare/?with={accepted}             in 404 404 404 404 404 404 404 404
GET  /datasets/{accepted}/compare.csv?with={newer}           in 404 200 200 404 200 404 200 200
GET  /datasets/{accepted}/compare.csv?with={rivals_dataset}  in 404 404 404 404 404 404 404 404
GET  /datasets/{accepted}/sheet.png                          in 404 200 200 404 200 404 200 200
GET  /datasets/{refused}/sheet.png                           in 404 404 404 404 404 404 404 404
GET  /datasets/{nobody}/sheet.png                            in 404 404 404 404 404 404 404 404
GET  /datasets/{accepted}/reasons.csv                        in 404 200 200 404 200 404 200 200
GET  /datasets/{refused}/reasons.csv                         in 404 200 200 404 200 404 200 200
GET  /datasets/{nobody}/reasons.csv                          in 404 404 404 404 404 404 404 404
POST /datasets/{ingesting}/cancel/                           in 404 302! 404 404 302! 404 302! 302!
POST /datasets/{accepted}/cancel/                            in 404 302 404 404 302 404 302 302
POST /datasets/{nobody}/cancel/                              in 404 404 404 404 404 404 404 404
GET  /datasets/{deleted}/                                    in 404 302 404 404 302 404 302 302
POST /datasets/{deleted}/enter/                              in 404 404 404 404 404 404 404 404
GET  /datasets/deleted/                                      in 200 200 200 200 200 200 200 200
GET  /datasets/{accepted}/delete/                            in 404 200 404 404 200 404 200 200
POST /datasets/{accepted}/delete/                            in 404 302 404 404 302 404 302 302
GET  /datasets/{refused}/delete/                             in 404 200 404 404 200 404 200 200
POST /datasets/{refused}/delete/                             in 404 302! 404 404 302! 404 302! 302!
GET  /datasets/{rivals_dataset}/delete/                      in 404 404 404 404 200 404 200 200
POST /datasets/{rivals_dataset}/delete/                      in 404 404 404 404 302 404 302 302
GET  /datasets/{deleted}/delete/                             in 404 200 404 404 200 404 200 200
POST /datasets/{deleted}/delete/                             in 404 302 404 404 302 404 302 302
GET  /datasets/{nobody}/delete/                              in 404 404 404 404 404 404 404 404
POST /datasets/{nobody}/delete/                              in 404 404 404 404 404 404 404 404
POST /datasets/{deleted}/restore/                            in 404 302! 404 404 302! 404 302! 302!
POST /datasets/{accepted}/restore/                           in 404 302 404 404 302 404 302 302
POST /datasets/{nobody}/restore/                             in 404 404 404 404 404 404 404 404
POST /datasets/{accepted}/enter/                             in 404 302! 302! 404 302 404 302 302
POST /datasets/{rivals_dataset}/enter/                       in 404 404 404 404 302 404 302 302
POST /datasets/{refused}/enter/                              in 404 302 302 404 302 404 302 302
POST /datasets/{nobody}/enter/                               in 404 404 404 404 404 404 404 404
GET  /entries/{queued}/cancel/                               in 404 200 200 404 200 404 200 200
GET  /entries/{training}/cancel/                             in 404 200 200 404 200 404 200 200
GET  /entries/{scored}/cancel/                               in 404 200 200 404 200 404 200 200
GET  /entries/{rivals_scored}/cancel/                        in 404 404 404 404 200 404 200 200
GET  /entries/{nobody}/cancel/                               in 404 404 404 404 404 404 404 404
POST /entries/{queued}/cancel/                               in 404 302! 302! 404 302! 404 302! 302!
POST /entries/{training}/cancel/                             in 404 302! 302! 404 302! 404 302! 302!
POST /entries/{scored}/cancel/                               in 404 302 302 404 302 404 302 302
POST /entries/{rivals_scored}/cancel/                        in 404 404 404 404 302 404 302 302
POST /entries/{nobody}/cancel/                               in 404 404 404 404 404 404 404 404
GET  /entries/{scored}/files/pack.safetensors                   in 404 200 200 404 200 404 200 200
GET  /entries/{rivals_scored}/files/pack.safetensors            in 404 404 404 404 200 404 200 200
GET  /entries/{training}/files/pack.safetensors                 in 404 404 404 404 404 404 404 404
GET  /entries/{scored}/files/logits.safetensors              in 404 404 404 404 404 404 404 404
GET  /entries/{nobody}/files/pack.safetensors                in 404 404 404 404 404 404 404 404
GET  /entries/{scored}/log.txt                               in 404 200 200 404 200 404 200 200
GET  /entries/{training}/log.txt                             in 404 200 200 404 200 404 200 200
GET  /entries/{rivals_scored}/log.txt                        in 404 404 404 404 200 404 200 200
GET  /entries/{nobody}/log.txt                               in 404 404 404 404 404 404 404 404
POST /entries/{scored}/rerun/                                in 404 404 404 404 302! 404 302! 302!
POST /entries/{rivals_scored}/rerun/                         in 404 404 404 404 302! 404 302! 302!
POST /entries/{training}/rerun/                              in 404 404 404 404 302 404 302 302
POST /entries/{nobody}/rerun/                                in 404 404 404 404 404 404 404 404
POST /entries/{scored}/choose/                               in 404 302! 302! 404 302 404 302 302
POST /entries/{scored}/unchoose/                             in 404 302 302 404 302 404 302 302
POST /entries/{scored}/withdraw/                             in 404 302! 302! 404 302 404 302 302
POST /entries/{scored}/restore/                              in 404 302 302 404 302 404 302 302
POST /entries/{rivals_scored}/withdraw/                      in 404 404 404 404 302 404 302 302
POST /entries/{nobody}/choose/                               in 404 404 404 404 404 404 404 404
POST /entries/{nobody}/unchoose/                             in 404 404 404 404 404 404 404 404
POST /entries/{nobody}/withdraw/                             in 404 404 404 404 404 404 404 404
POST /entries/{nobody}/restore/                              in 404 404 404 404 404 404 404 404
POST /entries/{scored}/disqualify/                           in 404 404 404 404 302! 404 302! 302!
POST /entries/{training}/disqualify/                         in 404 404 404 404 302 404 302 302
POST /entries/{nobody}/disqualify/                           in 404 404 404 404 404 404 404 404
POST /entries/{disqualified}/reinstate/                      in 404 404 404 404 302! 404 302! 302!
POST /entries/{scored}/reinstate/                            in 404 404 404 404 302 404 302 302
POST /entries/{nobody}/reinstate/                            in 404 404 404 404 404 404 404 404
GET  /tasks/{open}/team/                                     in 200 302 302 200 200 200 200 200
POST /tasks/{open}/team/                                     in 302! 302! 302 302! 302! 302! 302! 302!
GET  /tasks/{closed}/team/                                   in 200 200 200 200 200 200 200 200
POST /tasks/{closed}/team/                                   in 302 302 302 302 302 302 302 302
GET  /tasks/{draft}/team/                                    in 404 404 404 404 200 404 200 200
POST /tasks/{draft}/team/                                    in 404 404 404 404 302! 404 302! 302!
POST /teams/{team}/rename/                                   in 404 302! 302 404 404 404 404 404
POST /teams/{team}/invitation/                               in 404 302! 302 404 404 404 404 404
POST /teams/{team}/captain/                                  in 404 302! 302 404 404 404 404 404
POST /teams/{team}/remove/                                   in 404 302 302 404 404 404 404 404
POST /teams/{team}/leave/                                    in 404 302 302 404 404 404 404 404
POST /teams/{rivals_team}/rename/                            in 404 404 404 404 404 404 404 404
POST /teams/{rivals_team}/invitation/                        in 404 404 404 404 404 404 404 404
POST /teams/{rivals_team}/captain/                           in 404 404 404 404 404 404 404 404
POST /teams/{rivals_team}/remove/                            in 404 404 404 404 404 404 404 404
POST /teams/{rivals_team}/leave/                             in 404 404 404 404 404 404 404 404
GET  /teams/join/{invitation}/                               in 200 302 302 200 200 200 200 200
POST /teams/join/{invitation}/                               in 302! 302 302 302! 302! 302! 302! 302!
GET  /teams/join/no-such/                                    in 404 404 404 404 404 404 404 404
POST /teams/join/no-such/                                    in 404 404 404 404 404 404 404 404
POST /uploads/{upload}/discard/                              in 404 302! 404 404 404 404 404 404
POST /uploads/{finished}/discard/                            in 404 302 404 404 404 404 404 404
POST /uploads/{drafted}/discard/                             in 404 404 404 404 302! 404 404 404
POST /uploads/{nobody}/discard/                              in 404 404 404 404 404 404 404 404
GET  /uploads/                                               in 200 200 200 200 200 200 200 200
GET  /uploads/{upload}/                                      in 404 302 404 404 404 404 404 404
GET  /uploads/{finished}/                                    in 404 302 404 404 404 404 404 404
GET  /uploads/{drafted}/                                     in 404 404 404 404 302 404 404 404
GET  /uploads/{nobody}/                                      in 404 404 404 404 404 404 404 404
GET  /me/entries.csv                                         in 200 200 200 200 200 200 200 200
GET  /me/?task={open}                                        in 404 200 200 404 404 404 404 404
POST /entries/{failed}/again/                                in 404 302! 302! 404 302 404 302 302
POST /entries/{error}/again/                                 in 404 302! 302! 404 302 404 302 302
POST /entries/{training}/again/                              in 404 302 302 404 302 404 302 302
POST /entries/{rivals_scored}/again/                         in 404 404 404 404 302 404 302 302
POST /entries/{nobody}/again/                                in 404 404 404 404 404 404 404 404
GET  /entries/{scored}/describe/                             in 404 200 200 404 404 404 404 404
POST /entries/{scored}/describe/                             in 404 302! 302! 404 404 404 404 404
GET  /entries/{training}/describe/                           in 404 200 200 404 404 404 404 404
POST /entries/{training}/describe/                           in 404 302! 302! 404 404 404 404 404
GET  /entries/{rivals_scored}/describe/                      in 404 404 404 404 404 404 404 404
POST /entries/{rivals_scored}/describe/                      in 404 404 404 404 404 404 404 404
GET  /entries/{nobody}/describe/                             in 404 404 404 404 404 404 404 404
POST /entries/{nobody}/describe/                             in 404 404 404 404 404 404 404 404
GET  /organize/new/                                          in 404 404 404 200 200 404 200 200
POST /organize/new/                                          in 404 404 404 302! 302! 404 302! 302!
GET  /organize/new/{begun}/what/                             in 404 404 404 404 200 404 404 404
POST /organize/new/{begun}/what/                             in 404 404 404 404 302! 404 404 404
GET  /organize/new/{begun}/check/                            in 404 404 404 404 200 404 404 404
POST /organize/new/{begun}/check/                            in 404 404 404 404 422 404 404 404
GET  /organize/new/{begun}/nothing/                          in 404 404 404 404 404 404 404 404
POST /organize/new/{begun}/nothing/                          in 404 404 404 404 404 404 404 404
GET  /organize/new/{gone}/what/                              in 404 404 404 404 404 404 404 404
POST /organize/new/{gone}/what/                              in 404 404 404 404 404 404 404 404
POST /organize/new/{begun}/delete/                           in 404 404 404 404 302! 404 404 404
POST /organize/new/{gone}/restore/                           in 404 404 404 404 302! 404 404 404
POST /organize/new/{begun}/restore/                          in 404 404 404 404 404 404 404 404
POST /organize/{unpublished}/publish/                        in 404 404 404 404 302! 404 302! 302!
POST /organize/{open}/publish/                               in 404 404 404 404 302 404 302 302
POST /organize/none-of-them/publish/                         in 404 404 404 404 404 404 404 404
POST /organize/{unpublished}/bundle.zip                      in 404 404 404 404 409 404 409 409
GET  /organize/{open}/settings/                              in 404 404 404 404 200 404 200 200
POST /organize/{open}/settings/                              in 404 404 404 404 422 404 422 422
GET  /organize/{theirs}/settings/                            in 404 404 404 200 404 404 404 200
POST /organize/{theirs}/settings/                            in 404 404 404 422 404 404 404 422
GET  /organize/{open}/people/                                in 404 404 404 404 200 404 200 200
POST /organize/{open}/people/                                in 404 404 404 404 302! 404 302! 302!
GET  /organize/none-of-them/people/                          in 404 404 404 404 404 404 404 404
POST /organize/none-of-them/people/                          in 404 404 404 404 404 404 404 404
GET  /join/{join}/                                           in 200 200 200 200 200 200 200 200
POST /join/{join}/                                           in 302! 302! 302! 302! 302! 302! 302! 302!
GET  /join/{nobody}/                                         in 404 404 404 404 404 404 404 404
POST /join/{nobody}/                                         in 404 404 404 404 404 404 404 404
""",
)

OPEN_DOOR = Section(others="200", lines="GET /healthz 200")

WAY_OUT = Section(
    others="405",
    lines="""
GET  /unsubscribe/{way_out}/   200
POST /unsubscribe/{way_out}/   302!
GET  /unsubscribe/{forged}/    404
POST /unsubscribe/{forged}/    404
""",
)
"""Whoever holds the mail may want no more of them, signed in or not; the link does nothing else."""

BY_TOKEN = Section(
    others="405",
    lines="""
GET  /api/datasets/                   401
GET  /api/datasets/{nobody}/          401
POST /api/datasets/{nobody}/enter/    401
GET  /api/entries/                    401
GET  /api/entries/{nobody}/           401
""",
)
"""For programs: whoever bears no token is nobody there, signed in or not (see tests/accounts/test_tokens.py)."""

PAGES = (PUBLIC, OWN, ORGANIZING, OPEN_DOOR, WAY_OUT, BY_TOKEN)
