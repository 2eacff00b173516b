"""Who people are: the user model, sign-in and API tokens. It knows no product room."""
