"""What people see: plans, previews, envelopes and lists, as text and tables for a terminal."""
