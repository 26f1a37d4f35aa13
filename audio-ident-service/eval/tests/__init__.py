"""python3 -m unittest discover -s eval/tests -t ."""
