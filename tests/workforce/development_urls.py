"""The URL map as development has it."""

from config.demonstration import signing_in
from config.urls import urlpatterns as everywhere

urlpatterns = [*signing_in.urls, *everywhere]
handler404 = "config.errors.not_found"
