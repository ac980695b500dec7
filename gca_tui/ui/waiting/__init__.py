"""What is not on the server: what waits, was refused or is in conflict, and the dossiers that left."""
