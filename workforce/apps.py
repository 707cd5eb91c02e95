from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "workforce"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from workforce.access import confirm_by_adding

        authenticator_added.connect(confirm_by_adding, dispatch_uid="lectern.second_factor")
