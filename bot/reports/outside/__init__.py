"""Pages and texts for people outside the company: customers, users, schools. No colleague is named in them."""
