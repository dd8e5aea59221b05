"""What every function borrows: settings, auth, database, errors, routing. No business noun."""
