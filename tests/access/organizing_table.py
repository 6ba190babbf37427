"""Who may do what at the pages from which tasks are made and run; the columns are those of pages_table.py."""

from tests.access.table import Section

ORGANIZING = Section(
    others="in 405 405 405 405 405 405 405 405",
    lines="""
#           anonymous stranger owner teammate neighbour organizer staff steward root
GET  /organize/                                              in 404 404 404 200 200 404 200 200
GET  /organize/{open}/                                       in 404 404 404 404 200 404 200 200
GET  /organize/{draft}/                                      in 404 404 404 404 200 404 200 200
GET  /organize/{theirs}/                                     in 404 404 404 200 404 404 404 200
GET  /organize/none-of-them/                                 in 404 404 404 404 404 404 404 404
POST /organize/{open}/pause/                                 in 404 404 404 404 302! 404 302! 302!
POST /organize/{theirs}/pause/                               in 404 404 404 302! 404 404 404 302!
POST /organize/{open}/resume/                                in 404 404 404 404 302 404 302 302
POST /organize/{open}/label-book/                            in 404 404 404 404 302 404 302 302
POST /organize/{theirs}/label-book/                          in 404 404 404 302 404 404 404 302
GET  /organize/{open}/close/                                 in 404 404 404 404 200 404 200 200
POST /organize/{open}/close/                                 in 404 404 404 404 302! 404 302! 302!
GET  /organize/{open}/archive/                               in 404 404 404 404 200 404 200 200
POST /organize/{open}/archive/                               in 404 404 404 404 302! 404 302! 302!
GET  /organize/{archived}/archive/                           in 404 404 404 404 200 404 200 200
POST /organize/{archived}/archive/                           in 404 404 404 404 302 404 302 302
POST /organize/{archived}/restore/                           in 404 404 404 404 302! 404 302! 302!
POST /organize/{open}/restore/                               in 404 404 404 404 302 404 302 302
POST /organize/{theirs}/restore/                             in 404 404 404 302 404 404 404 302
GET  /organize/{open}/dates/                                 in 404 404 404 404 200 404 200 200
POST /organize/{open}/dates/                                 in 404 404 404 404 302! 404 302! 302!
GET  /organize/{closed}/dates/                               in 404 404 404 404 200 404 200 200
POST /organize/{closed}/dates/                               in 404 404 404 404 200 404 200 200
GET  /organize/{open}/announcements/                         in 404 404 404 404 200 404 200 200
POST /organize/{open}/announcements/                         in 404 404 404 404 302! 404 302! 302!
POST /organize/{open}/announcements/{announcement}/withdraw/ in 404 404 404 404 302! 404 302! 302!
POST /organize/{closed}/announcements/{announcement}/withdraw/ in 404 404 404 404 404 404 404 404
GET  /organize/{open}/entries/                               in 404 404 404 404 200 404 200 200
POST /organize/{open}/entries/                               in 404 404 404 404 302! 404 302! 302!
GET  /organize/{closed}/entries/                             in 404 404 404 404 200 404 200 200
POST /organize/{closed}/entries/                             in 404 404 404 404 422 404 422 422
GET  /organize/{open}/entries.csv                            in 404 404 404 404 200 404 200 200
GET  /organize/{open}/teams/                                 in 404 404 404 404 200 404 200 200
GET  /organize/{open}/teams.csv                              in 404 404 404 404 200 404 200 200
GET  /organize/{open}/teams/{team}/extra/                    in 404 404 404 404 302 404 302 302
POST /organize/{open}/teams/{team}/extra/                    in 404 404 404 404 302! 404 302! 302!
GET  /organize/{closed}/teams/{team}/extra/                  in 404 404 404 404 404 404 404 404
POST /organize/{closed}/teams/{team}/extra/                  in 404 404 404 404 404 404 404 404
GET  /organize/{open}/contamination/                         in 404 404 404 404 200 404 200 200
GET  /organize/{open}/contamination.csv                      in 404 404 404 404 200 404 200 200
GET  /organize/{open}/analytics/                             in 404 404 404 404 200 404 200 200
GET  /organize/{open}/analytics.csv                          in 404 404 404 404 200 404 200 200
GET  /organize/{open}/awards/                                in 404 404 404 404 200 404 200 200
POST /organize/{open}/awards/give/                           in 404 404 404 404 200 404 200 200
POST /organize/{closed}/awards/publish/                      in 404 404 404 404 302! 404 302! 302!
POST /organize/{closed}/awards/{award}/revoke/               in 404 404 404 404 302! 404 302! 302!
POST /organize/{open}/awards/{award}/revoke/                 in 404 404 404 404 404 404 404 404
POST /organize/{open}/nominate/                              in 404 404 404 404 302! 404 302! 302!
POST /organize/{open}/nominated/{nominated}/take-back/       in 404 404 404 404 302! 404 302! 302!
POST /organize/{open}/nominated/{scored}/take-back/          in 404 404 404 404 404 404 404 404
POST /organize/{open}/jurors/name/                           in 404 404 404 404 302! 404 302! 302!
POST /organize/{open}/jurors/{juror}/remove/                 in 404 404 404 404 302! 404 302! 302!
POST /organize/{closed}/jurors/{juror}/remove/               in 404 404 404 404 404 404 404 404
GET  /tasks/{open}/jury/                                     in 200 404 404 404 200 404 200 200
GET  /tasks/{closed}/jury/                                   in 404 404 404 404 200 404 200 200
POST /tasks/{open}/jury/{nominated}/                         in 302! 404 404 404 302! 404 302! 302!
POST /tasks/{open}/jury/{scored}/                            in 404 404 404 404 404 404 404 404
GET  /organize/{open}/audit/                                 in 404 404 404 404 200 404 200 200
GET  /organize/{open}/audit.csv                              in 404 404 404 404 200 404 200 200
GET  /status/incidents/                                      in 404 404 404 200 200 404 200 200
POST /status/incidents/                                      in 404 404 404 302! 302! 404 302! 302!
POST /status/incidents/{incident}/tell/                      in 404 404 404 302! 302! 404 302! 302!
POST /status/incidents/{incident}/withdraw/                  in 404 404 404 302! 302! 404 302! 302!
POST /status/incidents/0/tell/                               in 404 404 404 404 404 404 404 404
POST /status/incidents/0/withdraw/                           in 404 404 404 404 404 404 404 404
GET  /me/account/                                            in 200 200 200 200 200 200 200 200
GET  /me/account/tokens/                                     in 200 200 200 200 200 200 200 200
POST /me/account/tokens/                                     in 200! 200! 200! 200! 200! 200! 200! 200!
POST /me/account/tokens/{token}/revoke/                      in 404 302! 404 404 404 404 404 404
POST /me/account/tokens/0/revoke/                            in 404 404 404 404 404 404 404 404
GET  /me/account/export/                                     in 200 200 200 200 200 200 200 200
POST /me/account/mails/                                      in 302! 302! 302! 302! 302! 302! 302! 302!
GET  /me/account/delete/                                     in 200 200 200 200 200 200 200 200
POST /me/account/delete/                                     in 200 200 200 200 200 200 200 200
GET  /me/notices/                                            in 200 200 200 200 200 200 200 200
POST /me/notices/read/                                       in 302 302! 302! 302 302! 302 302! 302!
GET  /datasets/{accepted}/archive.zip                        in 404 404 404 404 404 404 404 404
GET  /datasets/{newer}/archive.zip                           in 404 200 404 404 404 404 404 404
GET  /datasets/{nobody}/archive.zip                          in 404 404 404 404 404 404 404 404
""",
)
