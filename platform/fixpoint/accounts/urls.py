"""Addresses of one's own account and notices."""

from django.urls import path

from fixpoint.accounts import notices_views, tokens_views, views

urlpatterns = [
    path("me/account/", views.account, name="account"),
    path("me/account/mails/", views.mails, name="account_mails"),
    path("me/account/delete/", views.delete, name="account_delete"),
    path("me/account/tokens/", tokens_views.tokens, name="tokens"),
    path("me/account/tokens/<int:number>/revoke/", tokens_views.revoke, name="token_revoke"),
    path("me/notices/", notices_views.notices, name="notices"),
    path("me/notices/read/", notices_views.read, name="notices_read"),
    path("unsubscribe/<str:token>/", notices_views.unsubscribe, name="unsubscribe"),
]
