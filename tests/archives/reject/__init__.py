"""Archives that must be refused, one line a kind; found/ holds what the fuzzer found."""
