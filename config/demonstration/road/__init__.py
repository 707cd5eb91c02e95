"""The road, walked by scripted people who know nothing but the public API.

Each person is a client of her own: her token, her connection, her idempotency keys. What goes
wrong on the way (a worker killed, the broker flushed, the web restarting) is met as a real client
meets it: the same call again, with the same key.
"""
