"""Addresses of the app organizing."""

from django.urls import path
from django.views.decorators.http import require_safe

from fixpoint.organizing import (
    analytics_views,
    announcement_views,
    archive_views,
    audit_views,
    awards_views,
    contamination_views,
    deletion_views,
    entries_views,
    entry_views,
    home_views,
    incident_views,
    jury_views,
    label_book_views,
    task_views,
    teams_views,
)
from fixpoint.organizing.feeds import SiteFeed, task_feed
from fixpoint.organizing.incident_feed import IncidentFeed

urlpatterns = [
    path("organize/", home_views.tasks, name="organize"),
    path("organize/<slug:slug>/", home_views.task, name="organize_task"),
    path("organize/<slug:slug>/pause/", task_views.pause, name="organize_pause"),
    path("organize/<slug:slug>/resume/", task_views.resume, name="organize_resume"),
    path("organize/<slug:slug>/label-book/", label_book_views.label_book, name="organize_label_book"),
    path("organize/<slug:slug>/close/", task_views.close, name="organize_close"),
    path("organize/<slug:slug>/archive/", archive_views.archive, name="organize_archive"),
    path("organize/<slug:slug>/restore/", archive_views.restore, name="organize_restore"),
    path("organize/<slug:slug>/dates/", task_views.dates, name="organize_dates"),
    path("organize/<slug:slug>/announcements/", announcement_views.announcements, name="organize_announcements"),
    path(
        "organize/<slug:slug>/announcements/<int:number>/withdraw/",
        announcement_views.withdraw,
        name="organize_announcement_withdraw",
    ),
    path("organize/<slug:slug>/entries/", entries_views.entries, name="organize_entries"),
    path("organize/<slug:slug>/entries.csv", entries_views.listing, name="organize_entries_csv"),
    path("organize/<slug:slug>/teams/", teams_views.teams, name="organize_teams"),
    path("organize/<slug:slug>/teams.csv", teams_views.listing, name="organize_teams_csv"),
    path("organize/<slug:slug>/teams/<uuid:team_id>/extra/", teams_views.extra, name="organize_extra"),
    path("organize/<slug:slug>/audit/", audit_views.audit, name="organize_audit"),
    path("organize/<slug:slug>/audit.csv", audit_views.listing, name="organize_audit_csv"),
    path("organize/<slug:slug>/contamination/", contamination_views.contamination, name="organize_contamination"),
    path("organize/<slug:slug>/contamination.csv", contamination_views.listing, name="organize_contamination_csv"),
    path("organize/<slug:slug>/analytics/", analytics_views.analytics, name="organize_analytics"),
    path("organize/<slug:slug>/analytics.csv", analytics_views.listing, name="organize_analytics_csv"),
    path("organize/<slug:slug>/awards/", awards_views.awards, name="organize_awards"),
    path("organize/<slug:slug>/awards/give/", awards_views.give, name="organize_award_give"),
    path("organize/<slug:slug>/awards/publish/", awards_views.publish, name="organize_awards_publish"),
    path("organize/<slug:slug>/awards/<int:number>/revoke/", awards_views.revoke, name="organize_award_revoke"),
    path("organize/<slug:slug>/nominate/", awards_views.nominate, name="organize_nominate"),
    path(
        "organize/<slug:slug>/nominated/<uuid:entry_id>/take-back/", awards_views.take_back, name="organize_take_back"
    ),
    path("organize/<slug:slug>/jurors/name/", awards_views.name, name="organize_juror_name"),
    path("organize/<slug:slug>/jurors/<int:number>/remove/", awards_views.remove, name="organize_juror_remove"),
    path("tasks/<slug:slug>/jury/", jury_views.jury, name="jury"),
    path("tasks/<slug:slug>/jury/<uuid:entry_id>/", jury_views.vote, name="jury_vote"),
    path("status/incidents/", incident_views.incidents, name="incidents"),
    path("status/incidents/<int:number>/tell/", incident_views.tell, name="incident_tell"),
    path("status/incidents/<int:number>/withdraw/", incident_views.withdraw, name="incident_withdraw"),
    path("status/feed.xml", require_safe(IncidentFeed()), name="status_feed"),
    path("feed.xml", require_safe(SiteFeed()), name="feed"),
    path("tasks/<slug:slug>/feed.xml", task_feed, name="task_feed"),
    path("entries/<uuid:entry_id>/cancel/", entry_views.cancel, name="entry_cancel"),
    path("entries/<uuid:entry_id>/rerun/", entry_views.rerun, name="entry_rerun"),
    path("entries/<uuid:entry_id>/disqualify/", entry_views.disqualify, name="entry_disqualify"),
    path("entries/<uuid:entry_id>/reinstate/", entry_views.reinstate, name="entry_reinstate"),
    path("datasets/deleted/", deletion_views.deleted, name="deleted_datasets"),
    path("datasets/<uuid:dataset_id>/delete/", deletion_views.delete, name="dataset_delete"),
    path("datasets/<uuid:dataset_id>/restore/", deletion_views.restore, name="dataset_restore"),
]
