"""Addresses of this room's pages."""

from django.urls import path

from generation.views import create, help, jobs, media, my_images, prompts  # noqa: A004 - the page is called help

urlpatterns = [
    path("create/", create.create, name="create"),
    path("create/model/", prompts.choose_model, name="model-choose"),
    path("jobs/", jobs.submit, name="job-submit"),
    path("jobs/<uuid:job_id>/card/", jobs.card, name="job-card"),
    path("jobs/<uuid:job_id>/cancel/", jobs.cancel, name="job-cancel"),
    path("jobs/<uuid:job_id>/reroll/", jobs.reroll, name="job-reroll"),
    path("prompts/check/", prompts.check, name="prompt-check"),
    path("images/<uuid:image_id>/upscale/", jobs.upscale, name="image-upscale"),
    path("images/<uuid:image_id>/vary/", jobs.vary, name="image-vary"),
    path("media/<uuid:image_id>.png", media.original, name="image-original"),
    path("media/<uuid:image_id>-<int:side_px>.webp", media.rendition, name="image-rendition"),
    path("my/images/", my_images.my_images, name="my-images"),
    path("help/", help.help, name="help"),
]
