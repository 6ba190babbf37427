"""The main job with every blob on S3: workers read there by signed addresses; a store that goes away loses nothing."""

import re

import pytest

from tests.support.visitor import Visitor

pytestmark = [pytest.mark.stack, pytest.mark.s3, pytest.mark.timeout(1800)]
_THUMBNAIL = re.compile(r'src="(/datasets/[^"]+thumbnails/[^"]+)"')
OUTCOMES = "from fixpoint.dispatch.models import Attempt; print(*Attempt.objects.values_list('outcome', flat=True))"


@pytest.fixture
def bucket_of_its_own(object_store):
    object_store.start()
    yield object_store.bucket()
    object_store.start()


def test_an_entry_is_scored_through_a_store_that_was_away_in_between(
    start, sandbox, bundle, small_entry, object_store, bucket_of_its_own
):
    stack = start(sandbox, **object_store.variables(bucket_of_its_own))
    stack.import_task(bundle)
    with Visitor(stack.url) as visitor:
        visitor.sign_up()
        dataset = visitor.upload(small_entry, task="numerals")
        object_store.stop()
        visitor.look(dataset)
        object_store.start()
        visitor.wait(dataset, "Accepted", seconds=300)
        gallery = visitor.look(f"{dataset}images/")
        pictures = _THUMBNAIL.findall(gallery)
        assert len(pictures) >= 40
        assert visitor.http.get(pictures[0]).content.startswith(b"\xff\xd8\xff")
        entry = visitor.enter(dataset)
        visitor.wait(entry, "Scored", seconds=400)
        assert 0 <= visitor.accuracy(entry) <= 1
    assert not list((stack.home / "blobs").glob("**/*"))
    assert object_store.client().list_objects_v2(Bucket=bucket_of_its_own)["KeyCount"] >= 10
    assert "broken" not in stack.ask(OUTCOMES)
    assert "X-Amz-Signature" not in "".join(path.read_text(errors="replace") for path in stack.home.glob("logs/*"))
