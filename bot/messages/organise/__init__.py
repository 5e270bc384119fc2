"""The screens from which organisers run the week."""
