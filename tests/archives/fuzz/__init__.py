"""A fuzzer of archives and images: seeded, so that a case is known by its number alone."""
