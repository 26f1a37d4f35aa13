"""Other identification systems, run as installed programs on the same clips. None is downloaded or built here."""
