"""Django's own statements, put together once and asked often: docs/decisions/0033."""
