"""What payments needs from outside: bank formats, account checks, documents. No network."""
