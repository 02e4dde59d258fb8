"""One folder a lab, named after its sheet: checks, panel, given code, hints."""
