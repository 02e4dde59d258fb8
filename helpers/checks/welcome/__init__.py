"""Lab 00: an object in a bucket, and a function in the notebook."""

from helpers.checks.welcome.bill import BILL
from helpers.checks.welcome.postcard import POSTCARD

EXERCISES = (POSTCARD, BILL)
