"""`python -m tests.e2e.world`: seed the database that the settings name, and print each page: name, address, person."""

import django

if __name__ == "__main__":
    django.setup()

    from tests.e2e.seed import seed

    world = seed()
    for page in (
        ("home", "/", ""),
        ("task", "/tasks/roman-numerals/", ""),
        ("task-signed-in", "/tasks/roman-numerals/", "owner"),
        ("board", "/tasks/roman-numerals/board/", ""),
        ("board-emissions", "/tasks/roman-numerals/board/?order=emissions", "owner"),
        ("board-empty", "/tasks/digits-2025/board/", ""),
        ("upload", "/datasets/new/?task=roman-numerals", "owner"),
        ("dataset", f"/datasets/{world.accepted.pk}/", "owner"),
        ("dataset-refused", f"/datasets/{world.refused.pk}/", "owner"),
        ("dataset-reading", f"/datasets/{world.ingesting.pk}/", "owner"),
        ("entry-running", f"/entries/{world.running.pk}/", "owner"),
        ("entry-scored", f"/entries/{world.scored.pk}/", "owner"),
        ("entry-public", f"/entries/{world.scored.pk}/", ""),
        ("entry-failed", f"/entries/{world.failed.pk}/", "owner"),
        ("entry-queued", f"/entries/{world.queued.pk}/", "owner"),
        ("me", "/me/", "owner"),
        ("me-empty", "/me/", "newcomer"),
        ("sign-in", "/accounts/login/", ""),
        ("sign-up", "/accounts/signup/", ""),
        ("password-reset", "/accounts/password/reset/", ""),
        ("email", "/accounts/email/", "owner"),
        ("not-found", "/nothing/here/", ""),
    ):
        print("\t".join(page))
