"""Swift's cache within its one proxy: its sign-in insists on a memcached, which the tests have no use for."""

import json
import time


class Memory:
    """What Swift asks of a memcached."""

    def __init__(self):
        self._kept = {}

    def get(self, key, **_options):
        """The value, or None where there is none or its time is over."""
        text, until = self._kept.get(key, ("null", 0))
        return json.loads(text) if until > time.monotonic() else None

    def set(self, key, value, time=0, **_options):
        """Keep a value for `time` seconds; 0 is a day."""
        self._kept[key] = (json.dumps(value), _now() + (time or 86_400))

    def delete(self, key, **_options):
        """Forget a value."""
        self._kept.pop(key, None)


def filter_factory(_settings, **_own):
    """The filter, as paste.deploy asks for it."""
    memory = Memory()

    def with_memory(application):
        def answer(environ, start_response):
            environ["swift.cache"] = memory
            return application(environ, start_response)

        return answer

    return with_memory


_now = time.monotonic
