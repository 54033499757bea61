"""Two recorded sets, compared as plans."""
