"""What looks as if an entry had not come about as it should; nothing follows from it by itself."""
