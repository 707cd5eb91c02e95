"""Static files in production: hashed names, also inside JavaScript modules."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Statics(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """A module imported by two others must have one address, or it would run twice."""

    support_js_module_import_aggregation = True
