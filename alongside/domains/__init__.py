"""The product, one package per domain; a domain imports only domains below it (see `alongside/contents.py`)."""
