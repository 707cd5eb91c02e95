"""The demonstration: four clients, the people who do their work, and the road to a bank file."""
