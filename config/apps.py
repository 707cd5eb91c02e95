from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import celery, reactions, safety  # noqa: F401 - the app is current from here

        celery.app.set_default()
        safety.register()
