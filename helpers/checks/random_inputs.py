"""Inputs that no one can know beforehand, so that no canned answer fits."""

import random

SYLLABLES = (
    "ba be bo da de do fa fe ka ke la le lo ma me mi na ne no ra re ri ro sa se ta te to va vi"
)


def any_name() -> str:
    """A visitor's name, as people may have it: Maroni, Delato, Kavire…"""
    return "".join(random.choices(SYLLABLES.split(), k=4)).title()
