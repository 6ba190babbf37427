"""Addresses of the pages that join apps."""

from django.urls import path

from fixpoint.pages import (
    badge_page,
    certificate_page,
    comparison_page,
    dataset_page,
    emissions_page,
    entry_page,
    exports_page,
    gallery_page,
    home_page,
    me_page,
    provenance_page,
    status_page,
    task_page,
)

urlpatterns = [
    path("", home_page.home, name="home"),
    path("status/", status_page.status, name="status"),
    path("status/live/", status_page.live, name="status_live"),
    path("emissions/", emissions_page.emissions, name="emissions"),
    path("me/", me_page.me, name="me"),
    path("tasks/<slug:slug>/", task_page.task, name="task"),
    path("datasets/<uuid:dataset_id>/", dataset_page.dataset, name="dataset"),
    path("datasets/<uuid:dataset_id>/live/", dataset_page.live, name="dataset_live"),
    path("datasets/<uuid:dataset_id>/images/", gallery_page.images, name="dataset_images"),
    path("datasets/<uuid:dataset_id>/images.csv", gallery_page.listing, name="dataset_images_csv"),
    path("datasets/<uuid:dataset_id>/thumbnails/<int:row>.jpg", gallery_page.picture, name="dataset_thumbnail"),
    path("datasets/<uuid:dataset_id>/hidden-overlap/", gallery_page.hidden, name="dataset_hidden_overlap"),
    path("datasets/<uuid:dataset_id>/compare/", comparison_page.compare, name="dataset_comparison"),
    path("datasets/<uuid:dataset_id>/compare.csv", comparison_page.listing, name="dataset_comparison_csv"),
    path("entries/<uuid:entry_id>/", entry_page.entry, name="entry"),
    path("entries/<uuid:entry_id>/live/", entry_page.live, name="entry_live"),
    path("entries/<uuid:entry_id>/provenance/", provenance_page.provenance, name="entry_provenance"),
    path("entries/<uuid:entry_id>/provenance.json", provenance_page.document, name="entry_provenance_json"),
    path("entries/<uuid:entry_id>/outcome.json", provenance_page.outcome, name="entry_outcome"),
    path("entries/<uuid:entry_id>/emissions.csv", exports_page.entry_emissions, name="entry_emissions"),
    path("entries/<uuid:entry_id>/model-card.md", exports_page.entry_card, name="entry_card"),
    path("entries/<uuid:entry_id>/badge.svg", badge_page.badge, name="entry_badge"),
    path("entries/<uuid:entry_id>/certificate/", certificate_page.certificate, name="entry_certificate"),
    path("entries/<uuid:entry_id>/preview.png", certificate_page.picture, name="entry_preview"),
    path("tasks/<slug:slug>/board.csv", exports_page.board_csv, name="board_csv"),
    path("tasks/<slug:slug>/emissions.csv", exports_page.task_emissions, name="task_emissions"),
    path("entries/<uuid:entry_id>/files/<str:name>", provenance_page.file, name="entry_file"),
]
