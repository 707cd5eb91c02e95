"""The web door: granian serves `config.wsgi:application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

from config.safety import refuse_demo_accounts

application = get_wsgi_application()
refuse_demo_accounts()
