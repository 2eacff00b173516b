"""`make run`: one machine, plain http, mail on the console, the secret key in the data folder."""

from mjweb.settings.base import *
from mjweb.settings.base import DATA_DIR, env

_key_file = DATA_DIR / "secret_key"
_stored_key = _key_file.read_text().strip() if _key_file.exists() else "only-for-commands-that-need-no-secret"
SECRET_KEY = env.secret_key or _stored_key

# Static files come straight from the checkout; nothing has to be collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
