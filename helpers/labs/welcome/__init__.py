"""Lab 00: an object in a bucket, and a function in the notebook."""

from helpers.labs.welcome.bill import BILL
from helpers.labs.welcome.postcard import POSTCARD

EXERCISES = (POSTCARD, BILL)
