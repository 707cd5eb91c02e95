"""The wiring, on top of the four floors.

Nothing is imported here: `./lectern` imports `config.launch` before anything is installed, and the
tests before there are settings. `ConfigConfig.ready` loads the Celery app.
"""
