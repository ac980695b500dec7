"""What a person can invoke."""
