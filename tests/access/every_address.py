"""What everybody is answered at every address that Django answers, all tables together."""

from tests.access.admin_table import ADMIN
from tests.access.pages_table import PAGES
from tests.access.signing_in_table import SIGNING_IN
from tests.access.table import cases

CASES = cases((*PAGES, *SIGNING_IN, *ADMIN))
