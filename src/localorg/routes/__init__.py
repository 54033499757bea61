"""The REST resources under ``/services/data/vNN.0``."""
