"""`make run`: one machine, plain http, mail on the console, the secret key in the data folder."""

from mjweb.settings.base import *

if not SECRET_KEY:
    _key_file = DATA_DIR / "secret_key"
    SECRET_KEY = _key_file.read_text().strip() if _key_file.exists() else "only-for-commands-that-need-no-secret"

# Static files come straight from the checkout; nothing has to be collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
