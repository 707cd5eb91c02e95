"""What can be done with client work: one verb, one function, one transaction."""
