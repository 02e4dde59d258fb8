"""Interfaces made of widgets. As text, each says how to do the same in code."""
