"""`python -m tests.e2e.world`: seed the database that the settings name, and print each page: name, address, person."""

import django

if __name__ == "__main__":
    django.setup()

    from tests.e2e.seed import seed
    from tests.e2e.seed_pages import pages_of

    for page in pages_of(seed()):
        print("\t".join(page))
