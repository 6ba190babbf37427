"""What a board costs at size: 5,000 people, 200,000 entries, PostgreSQL, the real web process."""
