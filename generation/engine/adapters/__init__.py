"""Small additions to a checkpoint: LoRA, learned words (textual inversion) and ControlNet.

Front door: `wardrobe.py`. A family hands over its networks by name; what a bucket wears is put on before a forward pass
and taken off after it. Weights are never fused, so that a network without additions has the bits that it always had.
"""
