"""The pay operations of the API: each reads its input, makes one call, gives the answer."""
