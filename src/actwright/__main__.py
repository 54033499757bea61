"""``python -m actwright``: the command line."""

from actwright.cli import main

if __name__ == "__main__":
    main()
