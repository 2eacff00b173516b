"""What a picture shows, as CLIP sees it."""

from __future__ import annotations

from django.db import models
from pgvector.django import HalfVectorField


class Embedding(models.Model):
    """A picture's direction in the space of one encoder, and how well it shows its prompt.

    Directions of different encoders cannot be compared, so every question names one.
    """

    image = models.ForeignKey("generation.Image", on_delete=models.CASCADE, related_name="embeddings")
    encoder = models.CharField(max_length=40, help_text="Name of the encoder; other weights have another.")
    direction = HalfVectorField(help_text="Of length 1; as many numbers as the encoder has dimensions.")
    prompt_score = models.FloatField(help_text="Mean cosine to the prompt's parts by their weights, -1 to 1.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "encoder"], name="one_embedding_per_encoder")]

    def __str__(self) -> str:
        return f"picture {self.image_id} in {self.encoder}"
