"""docker-compose.yml: what its files say, and what it does with an entry."""
