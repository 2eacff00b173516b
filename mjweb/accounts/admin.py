"""People in the administration."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from mjweb.accounts.models import ApiToken, User


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # it takes none when it runs
    """Shows everybody, when they came and whether they are suspended. Suspensions are decided by moderators."""

    list_display = ("username", "email", "date_joined", "last_login", "is_active", "is_staff", "suspended_until")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups", "date_joined", "suspended_until")
    list_per_page = 50
    search_fields = ("username", "email")
    show_full_result_count = False
    ordering = ("-date_joined",)
    readonly_fields = ("suspended_until", "suspension_reason", "browsing_level", "date_joined", "last_login")
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        ("Order", {"fields": ("browsing_level", "suspended_until", "suspension_reason")}),
    )


@admin.register(ApiToken)
class TokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # as above
    """Shows the tokens without their secrets; a lost one can be revoked."""

    list_display = ("owner", "name", "hint", "created_at", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("owner",)
    list_filter = ("created_at", "revoked_at")
    search_fields = ("owner__username", "name", "hint")
    fields = ("owner", "name", "hint", "created_at", "last_used_at", "expires_at", "revoked_at")
    readonly_fields = ("owner", "name", "hint", "created_at", "last_used_at")

    def has_add_permission(self, request: object) -> bool:  # noqa: ARG002 - Django's signature
        """Its secret is shown once, to whoever makes it by `manage.py create_token`."""
        return False
